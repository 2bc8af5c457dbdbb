package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Loop.Family;
import io.sluice.transport.door.Crowd;
import io.sluice.transport.hostile.Frames;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Connections and streams that are there and do nothing, or too many. A sender that was there before is
/// served during and after.
@ParameterizedClass
@EnumSource(Family.class)
class HostileConnectionsTest {
  private static final String ENDED = "sluice_listener_ended_connections";
  private static final int PLACES = 16;
  private static final int CONNECTIONS_MAX = Crowd.CONNECTIONS_SURE + PLACES;
  private static final int GRPC_STREAMS_MAX = 1000;
  private static final int HTTP_STREAMS_MAX = 250;
  private static final int OVER = 50;

  private final Family family;
  private final Watched budget = new Watched(64 << 20);
  private Running running;

  /// With room for few connections.
  private Running small;

  private Sender other;

  HostileConnectionsTest(Family family) {
    this.family = family;
  }

  @BeforeEach
  void start() throws Exception {
    var config = family == Family.GRPC ? GrpcReceiverTest.config() : HttpReceiverTest.config();
    running = new Running(config, budget);
    small = new Running(config, new Watched(64 << 20, new Semaphore(PLACES)));
    other = new Sender(running.port(), family);
    assertThat(other.send()).isTrue();
  }

  @AfterEach
  void othersAreServed() throws Exception {
    assertThat(other.send()).isTrue();
    other.close();
    running.close();
    small.close();
    assertThat(budget.bytes()).isZero();
    assertThat(budget.peak()).isLessThanOrEqualTo(budget.bytesMax());
  }

  private double ended(String reason) {
    return running.counter(ENDED, "reason", reason);
  }

  @Test
  void connectionsOverTheLimitAreEndedAndOthersComeInWhenSomeHaveGone() throws Exception {
    var idle = new ArrayDeque<Wire>();
    for (int i = 0; i < CONNECTIONS_MAX; i++) {
      idle.add(new Wire(small.port()));
    }
    try (var over = new Wire(small.port())) {
      assertThat(over.rest()).isEmpty();
    }
    assertThat(small.counter(ENDED, "reason", "crowded")).isEqualTo(1);
    idle.remove().close();
    boolean served = false;
    while (!served) { // until the server has seen them go
      try (var late = new Sender(small.port(), family)) {
        served = late.send();
      } catch (java.net.SocketException _) {
        Thread.onSpinWait();
      }
    }
    for (var each : idle) {
      each.close();
    }
  }

  /// What is over the limit is refused, stream by stream, in a way that says that nothing was done.
  @Test
  void callsOverTheLimitAreRefused() throws Exception {
    try (var frames = new Frames(running.port())) {
      int count = OVER + (family == Family.GRPC ? GRPC_STREAMS_MAX : HTTP_STREAMS_MAX);
      for (int i = 0; i < count; i++) {
        Sender.open(frames, family, 2 * i + 1);
      }
      assertThat(frames.answer(2 * count - 1).reset()).isTrue();
      assertThat(frames.alive()).isTrue();
      assertThat(other.send()).isTrue();
    }
  }

  @Test
  void endedConnectionsAreCounted() throws Exception {
    try (var frames = new Frames(running.port())) {
      byte[] all = {127, -1, -1, -1};
      frames.frame(Frames.WINDOW_UPDATE, 0, 0, all);
      assertThat(frames.alive()).isFalse();
    }
    long until = System.nanoTime() + Running.PATIENCE_SECONDS * 1_000_000_000L;
    while (ended("ended") == 0 && System.nanoTime() < until) {
      running.settle();
    }
    assertThat(ended("ended")).isEqualTo(1);
  }

  @Test
  void garbageIsNotServed() throws Exception {
    try (var wire = new Wire(running.port())) {
      wire.write(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, -4, 3, 3}); // TLS, where none is spoken
      wire.write(new byte[4096]);
      wire.socket.shutdownOutput();
      assertThat(wire.rest()).doesNotContain("HTTP/1.1 200");
    }
  }

  /// The peer allows no byte of body, so no answer with one can end.
  @Test
  void answersThatAreNeverReadHoldNoBudget() throws Exception {
    try (var frames = new Frames(running.port())) {
      frames.frame(Frames.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
      for (int i = 0; i < 100; i++) {
        Sender.open(frames, family, 2 * i + 1);
        frames.data(2 * i + 1, true, Sender.body(family, Samples.spans(1).toArray()));
      }
      assertThat(frames.alive()).isTrue();
      assertThat(other.send()).isTrue();
      running.settle();
      assertThat(budget.bytes()).isZero();
    }
  }
}
