package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Loop.Family;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// HTTP/1 as no client library writes it: lengths two readers could differ about, heads and trailers
/// without end, senders that never read. A sender that was there before is served during and after.
class HostileTextTest {
  private static final int MANY = 1_000_000;
  private static final int STANDSTILL_MS = 1000;
  private static final String LINE = "POST /v1/traces HTTP/1.1\r\nHost: x\r\n";
  private static final String TYPE = "Content-Type: application/x-protobuf\r\n";
  private static final String CHUNKED = LINE + TYPE + "Transfer-Encoding: chunked\r\n\r\n";

  private final Watched budget = new Watched(64 << 20);
  private Running running;
  private Sender other;
  private Wire wire;

  @BeforeEach
  void start() throws Exception {
    running = new Running(HttpReceiverTest.config(), budget);
    other = new Sender(running.port(), Family.HTTP);
    assertThat(other.send()).isTrue();
    wire = new Wire(running.port());
  }

  @AfterEach
  void othersAreServed() throws Exception {
    assertThat(other.send()).isTrue();
    other.close();
    wire.close();
    running.settle();
    assertThat(running.sink.batches).allMatch(batch -> batch.items() == 1);
    running.close();
    assertThat(budget.bytes()).isZero();
  }

  /// Each followed by what would be a second request, were the first one read as it should not be. Where
  /// there is no answer but the first, nobody took it for one.
  @ParameterizedTest
  @CsvSource({
    "'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', 400",
    "'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n', 400",
    "'Transfer-Encoding: xchunked\r\n', 400",
    "'Transfer-Encoding:\u000bchunked\r\n', 400",
    "'Transfer-Encoding : chunked\r\n', 400",
    "'Content-Length: +4\r\n', 400",
    "'Content-Length: 0x4\r\n', 400",
    "'Content-Length: 4, 5\r\n', 400",
    "'Content-Length: 99999999999999999999\r\n', 400",
    "'X: a\r\n Transfer-Encoding: chunked\r\nContent-Length : 4\r\n', 400",
    "'X\0Y: a\r\n', 400"
  })
  void ambiguousRequestIsTheLastOfItsConnection(String headers, int status) throws Exception {
    wire.write(LINE + TYPE + headers + "\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
    var answers = wire.rest();
    assertThat(answers).startsWith("HTTP/1.1 " + status).doesNotContain("404");
  }

  @Test
  void chunksAreNotForHttp10() throws Exception {
    wire.write(
        "POST /v1/traces HTTP/1.0\r\n"
            + TYPE
            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.0\r\n\r\n");
    assertThat(wire.rest()).doesNotContain("404");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1\r\n\r\n",
        "fffffffff\r\n",
        "zz\r\n",
        "0x4\r\n",
        "4;\n\r\n",
        "\r\n",
        "1\r\nab\r\n0\r\n\r\n"
      })
  void brokenChunksEndTheConnection(String chunks) throws Exception {
    wire.write(CHUNKED + chunks + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
    wire.socket.shutdownOutput();
    assertThat(wire.rest()).doesNotContain("200").doesNotContain("404");
  }

  @Test
  void endlessChunkExtensionEndsTheConnection() throws Exception {
    wire.write(CHUNKED + "0;");
    assertThat(wire.flood(MANY, "a=b;a=b;a=b;a=b;a=b;a=b;a=b;")).isFalse();
  }

  @Test
  void endlessTrailersEndTheConnection() throws Exception {
    wire.write(CHUNKED + "0\r\n");
    assertThat(wire.flood(MANY, "X-Trailer: and on and on and on\r\n")).isFalse();
  }

  @Test
  void endlessHeadersAreRefused() throws Exception {
    wire.write(LINE);
    wire.flood(MANY, "X-Header: and on and on and on\r\n");
    assertThat(wire.status()).isIn(431, 0);
    wire.rest();
  }

  @Test
  void endlessRequestLineIsRefused() throws Exception {
    wire.write("POST /");
    wire.flood(MANY, "and/on/and/on/and/on/and/on/");
    assertThat(wire.status()).isIn(414, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100})
  void expectationsThatAreNeverMetHoldNothing(int length) throws Exception {
    var head = LINE + TYPE + "Expect: 100-continue\r\nContent-Length: ";
    var waiting = new ArrayList<Wire>();
    for (int i = 0; i < 100; i++) {
      waiting.add(new Wire(running.port()).write(head + ((long) length << 20) + "\r\n\r\n"));
    }
    assertThat(other.send()).isTrue();
    for (var each : waiting) {
      assertThat(each.status()).isEqualTo(length == 100 ? 413 : 100);
      each.close();
    }
    assertThat(budget.peak()).isLessThanOrEqualTo(budget.bytesMax());
  }

  @ParameterizedTest
  @CsvSource({
    "/V1/traces",
    "/v1%2ftraces",
    "/v1/traces/",
    "v1/traces",
    "*",
    "/v1/traces%00",
    "/%2e%2e/v1/traces"
  })
  void oddPathsLeadNowhere(String path) throws Exception {
    wire.write("POST " + path + " HTTP/1.1\r\nHost: x\r\n" + TYPE + "Content-Length: 0\r\n\r\n");
    assertThat(wire.status()).isIn(307, 400, 404);
  }

  private static final String NOWHERE =
      "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";

  @Test
  void requestsInOneGoAreAnsweredOneByOne() throws Exception {
    int count = 1000;
    wire.write(NOWHERE.repeat(count)).write(LINE + "Connection: close\r\n\r\n");
    assertThat(wire.rest().split("HTTP/1.1 404 ", -1)).hasSize(count + 1);
  }

  /// The server stops to read from who reads nothing: requests by the million do not come in.
  @Test
  void whoNeverReadsIsNotAnsweredForEver() throws Exception {
    var writer =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                wire.flood(MANY, NOWHERE.repeat(100));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    double before = -1;
    double now = 0;
    while (now != before) {
      before = now;
      Thread.sleep(STANDSTILL_MS);
      now = running.counter("sluice_receiver_rejected_requests", "reason", "not_served");
    }
    assertThat(now).isBetween(1.0, MANY * 10.0);
    assertThat(writer.isAlive()).isTrue();
    assertThat(other.send()).isTrue();
    wire.close();
    writer.join();
  }
}
