package io.sluice.transport.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.netty.channel.DefaultChannelId;
import io.sluice.component.Budget;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.service.ByteBudget;
import io.sluice.service.Limits;
import io.sluice.telemetry.Telemetry;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.TestLoop;
import io.sluice.wire.ArrayPool;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Connections whose time the test moves.
class GateTest {
  private static final long MS = Crowd.FIRST_BYTES_MAX.toMillis();

  /// The channel's clock runs while the test does.
  private static final long BEFORE_MS = MS - 30_000;

  private final Telemetry telemetry = Telemetry.silent();
  private final Crowd crowd = crowd(Budget.UNBOUNDED);

  private Crowd crowd(Budget budget) {
    var context = Contexts.of(Kind.RECEIVER, "otlp", telemetry, new TestLoop(Loop.Family.GRPC));
    return Crowd.of(Contexts.with(budget, context), "grpc");
  }

  private double silent() {
    var counter =
        telemetry
            .registry()
            .find("sluice_listener_ended_connections")
            .tags("reason", "silent")
            .counter();
    return counter == null ? 0 : counter.count();
  }

  private io.grpc.netty.shaded.io.netty.channel.embedded.EmbeddedChannel grpc() throws Exception {
    var connection =
        new io.grpc.netty.shaded.io.netty.channel.embedded.EmbeddedChannel(
            io.grpc.netty.shaded.io.netty.channel.DefaultChannelId.newInstance(), false, false);
    new GrpcGate(crowd, _ -> {}).accept(connection);
    connection.register();
    return connection;
  }

  private io.netty.channel.embedded.EmbeddedChannel http() throws Exception {
    var connection =
        new io.netty.channel.embedded.EmbeddedChannel(DefaultChannelId.newInstance(), false, false);
    new VertxGate(crowd, _ -> {}).accept(connection);
    connection.register();
    return connection;
  }

  @Test
  void connectionThatSaysNothingIsEnded() throws Exception {
    var grpc = grpc();
    var http = http();
    grpc.advanceTimeBy(BEFORE_MS, TimeUnit.MILLISECONDS);
    grpc.runScheduledPendingTasks();
    assertThat(grpc.isOpen()).isTrue();
    grpc.advanceTimeBy(MS - BEFORE_MS, TimeUnit.MILLISECONDS);
    grpc.runScheduledPendingTasks();
    http.advanceTimeBy(MS, TimeUnit.MILLISECONDS);
    http.runScheduledPendingTasks();
    assertThat(grpc.isOpen()).isFalse();
    assertThat(http.isOpen()).isFalse();
    assertThat(silent()).isEqualTo(2);
  }

  @Test
  void firstByteIsEnough() throws Exception {
    var grpc = grpc();
    var http = http();
    grpc.writeInbound(Unpooled.wrappedBuffer(new byte[1]));
    http.writeInbound(io.netty.buffer.Unpooled.wrappedBuffer(new byte[1]));
    grpc.advanceTimeBy(MS, TimeUnit.MILLISECONDS);
    grpc.runScheduledPendingTasks();
    http.advanceTimeBy(MS, TimeUnit.MILLISECONDS);
    http.runScheduledPendingTasks();
    assertThat(grpc.isOpen()).isTrue();
    assertThat(http.isOpen()).isTrue();
    assertThat(silent()).isZero();
  }

  @Test
  void whoLeavesMakesRoom() throws Exception {
    var limits = new Limits(0, 0, 1, 0, 2L * Limits.CONNECTION_BYTES, Map.of());
    var budget = ByteBudget.of(limits, ArrayPool.none());
    var shared = budget.connections();
    var crowded = crowd(budget);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < Crowd.CONNECTIONS_SURE + 2; i++) {
        assertThat(crowded.enter()).isTrue();
      }
      assertThat(crowded.enter()).isFalse();
      assertThat(shared.availablePermits()).isZero();
      for (int i = 0; i < Crowd.CONNECTIONS_SURE + 2; i++) {
        crowded.leave();
      }
      assertThat(shared.availablePermits()).isEqualTo(2);
    }
  }
}
