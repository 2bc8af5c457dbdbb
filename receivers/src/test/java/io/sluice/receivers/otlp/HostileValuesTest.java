package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.github.luben.zstd.Zstd;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Well-formed requests with values made to hurt whoever interprets them, and compressed bodies that are
/// odd but legal. What cannot hurt us is carried on; after each, another client is served.
class HostileValuesTest {
  private static final int MANY = 100_000;
  private static final byte[] SPANS = Samples.spans(1).toArray();

  private Running running;

  @BeforeEach
  void start() throws Exception {
    running = new Running(HttpReceiverTest.config());
  }

  @AfterEach
  void othersAreServed() throws Exception {
    int before = running.sink.items();
    assertThat(post("traces", "", SPANS)).isEqualTo(200);
    assertThat(running.sink.items()).isEqualTo(before + 1);
    running.close();
  }

  private static byte[] field(int number, byte... content) {
    return new WireWriter().bytes(number, Bytes.wrap(content)).take().toArray();
  }

  /// A request of one record: resource item, scope item, record.
  private static byte[] request(byte... record) {
    return field(1, field(2, field(2, record)));
  }

  private static byte[] attribute(byte[] key, byte[] value) {
    return join(field(1, key), field(2, value));
  }

  private static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Stream<Arguments> values() {
    var manyAttributes = new WireWriter(MANY * 16);
    for (int i = 0; i < MANY; i++) {
      manyAttributes.bytes(9, Bytes.wrap(attribute(utf8("k" + i), field(1, utf8("v")))));
    }
    var times = new WireWriter().fixed64(7, -1L).fixed64(8, 0).take().toArray();
    return Stream.of(
        arguments("not UTF-8", "traces", request(field(5, (byte) 0xff, (byte) 0xc0, (byte) 'a'))),
        arguments(
            "lone surrogate", "traces", request(field(5, (byte) 0xed, (byte) 0xa0, (byte) 0x80))),
        arguments(
            "NUL and right-to-left override", "traces", request(field(5, utf8("a\0b\u202e")))),
        arguments("end before start, at the end of time", "traces", request(times)),
        arguments(
            "value of 8 MiB",
            "traces",
            request(field(9, attribute(utf8("k"), field(1, new byte[8 << 20]))))),
        arguments(
            "key of 1 MiB",
            "traces",
            request(field(9, attribute(new byte[1 << 20], field(1, utf8("v")))))),
        arguments(
            "empty key", "traces", request(field(9, attribute(utf8(""), field(1, utf8("v")))))),
        arguments(
            "attributes by the hundred thousand",
            "traces",
            request(manyAttributes.take().toArray())),
        arguments(
            "bounds that are not sorted", "metrics", request(histogram(8, Double.NaN, 5, -5))),
        arguments("more counts than bounds", "metrics", request(histogram(MANY, 1))),
        arguments("scale and offset at their ends", "metrics", request(exponential())));
  }

  /// A metric with one histogram point.
  private static byte[] histogram(int counts, double... bounds) {
    var point = new WireWriter(counts * 8 + 64);
    point.fixed64(3, 1).header(6, counts * 8);
    for (int i = 0; i < counts; i++) {
      point.raw(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}, 0, 8);
    }
    for (double bound : bounds) {
      point.fixed64(7, Double.doubleToRawLongBits(bound));
    }
    return join(field(1, utf8("h")), field(9, field(1, point.take().toArray())));
  }

  /// A metric with one exponential histogram point: `scale` and `offset` are sint32.
  private static byte[] exponential() {
    var buckets = new WireWriter().varint(1, 0xffffffffL).take().toArray();
    var point = new WireWriter().varint(6, 0xffffffffL).bytes(8, Bytes.wrap(buckets)).take();
    return join(field(1, utf8("e")), field(10, field(1, point.toArray())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("values")
  void oddValuesAreCarried(String name, String signal, byte[] body) throws Exception {
    assertThat(post(signal, "", body)).isEqualTo(200);
    assertThat(running.sink.batches).hasSize(1);
  }

  static Stream<Arguments> numbers() {
    return Stream.of(
        arguments("1e308", 200),
        arguments("\"NaN\"", 200),
        arguments("\"-Infinity\"", 200),
        arguments("\"nonsense\"", 400),
        arguments("1" + "0".repeat(1_000_000), 400));
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void numbersAreReadOrRefused(String number, int status) throws Exception {
    var body =
        "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"m\",\"gauge\":{\"dataPoints\":[{\"asDouble\":"
            + number
            + "}]}}]}]}]}";
    assertThat(post("metrics", "application/json", "", utf8(body))).isEqualTo(status);
    assertThat(running.sink.batches).hasSize(status == 200 ? 1 : 0);
  }

  static Stream<Arguments> bodies() throws IOException {
    var skippable = new byte[] {0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0};
    var flood = new ByteArrayOutputStream();
    for (int i = 0; i < MANY; i++) {
      flood.writeBytes(skippable);
    }
    flood.writeBytes(Zstd.compress(SPANS));
    var dictionary = new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0x23, 1, 2, 3, 4, 1, 0, 0};
    return Stream.of(
        arguments("gzip in two members", "gzip", join(gzip(SPANS), gzip(SPANS)), 200),
        arguments("gzip in gzip", "gzip", gzip(gzip(SPANS)), 400),
        arguments("zstd behind a flood of skippable frames", "zstd", flood.toByteArray(), 200),
        arguments("zstd with a dictionary nobody has", "zstd", dictionary, 400));
  }

  private static byte[] gzip(byte... content) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void oddCompressionIsReadWhollyOrRefused(String name, String encoding, byte[] body, int status)
      throws Exception {
    assertThat(post("traces", encoding, body)).isEqualTo(status);
    int spans = encoding.equals("gzip") ? 2 : 1;
    assertThat(running.sink.items()).isEqualTo(status == 200 ? spans : 0);
  }

  private int post(String signal, String encoding, byte... body) throws Exception {
    return post(signal, "application/x-protobuf", encoding, body);
  }

  private int post(String signal, String type, String encoding, byte... body) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + running.port() + "/v1/" + signal))
              .header("Content-Type", type)
              .POST(BodyPublishers.ofByteArray(body));
      if (!encoding.isEmpty()) {
        request.header("Content-Encoding", encoding);
      }
      return client.send(request.build(), BodyHandlers.ofByteArray()).statusCode();
    }
  }
}
