package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Loop.Family;
import io.sluice.service.ByteBudget;
import io.sluice.transport.hostile.Frames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Floods of HTTP/2 frames, at both doors. What costs the server something ends the connection; what
/// does not is put up with. A sender that was there before is served during and after.
@ParameterizedClass
@EnumSource(Family.class)
class HostileFramesTest {
  private static final int MANY = 20_000;
  private static final int CANCEL = 8;
  private static final int FRAME_BYTES_MAX = 16 << 10;

  private final Family family;
  private final ByteBudget budget = new ByteBudget(16 << 20);
  private Running running;
  private Sender other;
  private Frames frames;

  HostileFramesTest(Family family) {
    this.family = family;
  }

  @BeforeEach
  void start() throws Exception {
    var config = family == Family.GRPC ? GrpcReceiverTest.config() : HttpReceiverTest.config();
    running = new Running(config, budget);
    other = new Sender(running.port(), family);
    assertThat(other.send()).isTrue();
    frames = new Frames(running.port());
  }

  @AfterEach
  void othersAreServed() throws Exception {
    assertThat(other.send()).isTrue();
    frames.close();
    try (var late = new Sender(running.port(), family)) {
      assertThat(late.send()).isTrue();
    }
    other.close();
    running.close();
    assertThat(budget.bytes()).isZero();
    assertThat(running.sink.batches).allMatch(batch -> batch.items() == 1);
  }

  @FunctionalInterface
  private interface Wave {
    void write(int i) throws IOException;
  }

  /// Until the server has had enough. Returns whether the connection is still there.
  private boolean survives(int count, Wave wave) throws IOException {
    try {
      for (int i = 0; i < count; i++) {
        wave.write(i);
        if (i == count / 2) {
          assertThat(other.send()).isTrue();
        }
      }
    } catch (SocketException _) {
      return false;
    }
    return frames.alive();
  }

  private void open(int i) throws IOException {
    Sender.open(frames, family, 2 * i + 1);
  }

  @Test
  void callsThatAreResetAtOnceEndTheConnection() throws Exception {
    boolean survived =
        survives(
            1000,
            i -> {
              open(i);
              frames.frame(
                  Frames.RST_STREAM, 0, 2 * i + 1, (byte) 0, (byte) 0, (byte) 0, (byte) CANCEL);
            });
    assertThat(survived).isFalse();
  }

  /// A window of nothing more makes the server reset the stream itself.
  @Test
  void callsThatMakeUsResetThemEndTheConnection() throws Exception {
    boolean survived =
        survives(
            1000,
            i -> {
              open(i);
              frames.frame(Frames.WINDOW_UPDATE, 0, 2 * i + 1, new byte[4]);
            });
    assertThat(survived).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16384})
  void headersWithoutEndEndTheConnection(int bytes) throws Exception {
    frames.frame(Frames.HEADERS, 0, 1, Sender.head(family));
    assertThat(survives(MANY, _ -> frames.frame(Frames.CONTINUATION, 0, 1, new byte[bytes])))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "PING, 6, 0, 0, 8, false, true",
    "SETTINGS, 4, 0, 0, 0, true, true",
    "SETTINGS nobody asked for are passed over, 4, 1, 0, 0, true, true",
    "PRIORITY, 2, 0, 3, 5, true, true",
    "a type nobody knows, 99, 0, 0, 9, true, true"
  })
  void floodsOfOneFrame(
      String name, int type, int flags, int stream, int bytes, boolean grpc, boolean http)
      throws Exception {
    assertThat(survives(MANY, _ -> frames.frame(type, flags, stream, new byte[bytes])))
        .isEqualTo(family == Family.GRPC ? grpc : http);
  }

  @Test
  void dataWithoutData() throws Exception {
    open(0);
    assertThat(survives(MANY, _ -> frames.frame(Frames.DATA, 0, 1)))
        .isEqualTo(family == Family.GRPC);
  }

  @Test
  void windowsByTheByteAreTaken() throws Exception {
    byte[] one = {0, 0, 0, 1};
    assertThat(survives(MANY, _ -> frames.frame(Frames.WINDOW_UPDATE, 0, 0, one))).isTrue();
  }

  @Test
  void windowThatOverflowsEndsTheConnection() throws Exception {
    byte[] all = {127, -1, -1, -1};
    assertThat(survives(2, _ -> frames.frame(Frames.WINDOW_UPDATE, 0, 0, all))).isFalse();
  }

  /// A list of headers that is larger than we take.
  @Test
  void headersThatAreTooLargeAreRefused() throws Exception {
    var block = new ByteArrayOutputStream();
    block.write(Sender.head(family));
    for (int i = 0; i < 1000; i++) {
      block.write(Frames.header("x-" + i, "y".repeat(100)));
    }
    var all = block.toByteArray();
    int half = all.length / FRAME_BYTES_MAX;
    frames.frame(Frames.HEADERS, 0, 1, Arrays.copyOf(all, FRAME_BYTES_MAX));
    for (int i = 1; i <= half; i++) {
      int to = Math.min(all.length, (i + 1) * FRAME_BYTES_MAX);
      int flags = i == half ? Frames.END_HEADERS : 0;
      frames.frame(Frames.CONTINUATION, flags, 1, Arrays.copyOfRange(all, i * FRAME_BYTES_MAX, to));
    }
    var answer = frames.answer(1);
    assertThat(answer.lost() || answer.reset() || "431".equals(answer.headers().get(":status")))
        .isTrue();
  }

  /// Whoever allows no headers cannot be answered, and that is all.
  @Test
  void peerThatTakesNoHeadersIsLeftAlone() throws Exception {
    frames.frame(Frames.SETTINGS, 0, 0, (byte) 0, (byte) 6, (byte) 0, (byte) 0, (byte) 0, (byte) 1);
    Sender.open(frames, family, 1);
    frames.data(1, true, Sender.body(family, Samples.spans(1).toArray()));
    frames.alive();
    assertThat(other.send()).isTrue();
    running.settle();
    assertThat(budget.bytes()).isZero();
  }
}
