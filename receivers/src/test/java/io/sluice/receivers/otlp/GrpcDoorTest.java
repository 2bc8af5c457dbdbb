package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Budget;
import io.sluice.component.ComponentContext.Extensions;
import io.sluice.component.ComponentId;
import io.sluice.component.Loop;
import io.sluice.data.Lease;
import io.sluice.pipeline.Outcome;
import io.sluice.transport.RpcStatus;
import io.sluice.transport.auth.AuthConfig;
import io.sluice.transport.grpc.GrpcServerConfig;
import io.sluice.transport.hostile.Frames;
import io.sluice.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Room, headers and the end of a gRPC server, over bare frames.
class GrpcDoorTest {
  private static final String OK = "0";
  private static final String UNAVAILABLE = "14";

  private static OtlpReceiverConfig keepingHeaders(Optional<AuthConfig> auth) {
    var d = GrpcServerConfig.defaults();
    return new OtlpReceiverConfig(
        new OtlpReceiverConfig.Protocols(
            Optional.of(
                new OtlpReceiverConfig.Grpc(
                    new GrpcServerConfig(
                        "127.0.0.1:0",
                        d.transport(),
                        d.tls(),
                        0,
                        0,
                        0,
                        0,
                        d.keepalive(),
                        auth,
                        true,
                        List.of()))),
            Optional.empty()));
  }

  private static byte[] spans(int count) {
    var content = Samples.spans(count).toArray();
    return ByteBuffer.allocate(5 + content.length)
        .put((byte) 0)
        .putInt(content.length)
        .put(content)
        .array();
  }

  /// Has no room for so many takes, then has.
  private static final class Busy implements Budget {
    private final AtomicInteger refusals;

    Busy(int refusals) {
      this.refusals = new AtomicInteger(refusals);
    }

    @Override
    public @Nullable Lease take(long bytes) {
      return refusals.getAndDecrement() > 0 ? null : Lease.NONE;
    }

    @Override
    public long bytesMax() {
      return Long.MAX_VALUE;
    }

    @Override
    public long bytes() {
      return 0;
    }
  }

  @Test
  void withoutRoomTheSenderIsToldToComeBack() throws Exception {
    try (var running = new Running(GrpcReceiverTest.config(), new Busy(Integer.MAX_VALUE));
        var frames = new Frames(running.port())) {
      frames.call(1, false);
      frames.data(1, false, spans(1));
      var answer = frames.answer(1);
      assertThat(answer.headers()).containsEntry("grpc-status", UNAVAILABLE);
      var details = Objects.requireNonNull(answer.headers().get("grpc-status-details-bin"));
      assertThat(RpcStatus.parse(Bytes.wrap(Base64.getDecoder().decode(details))).retryDelay())
          .isPositive();
      assertThat(running.sink.batches).isEmpty();
      assertThat(running.counter("sluice_receiver_rejected_requests", "reason", "no_room"))
          .isEqualTo(1);
    }
  }

  @Test
  void callWaitsForRoom() throws Exception {
    try (var running = new Running(GrpcReceiverTest.config(), new Busy(3));
        var frames = new Frames(running.port())) {
      frames.call(1, false);
      frames.data(1, true, spans(1));
      assertThat(frames.answer(1).headers()).containsEntry("grpc-status", OK);
      assertThat(running.sink.items()).isEqualTo(1);
    }
  }

  @Test
  void headersTravelWithTheDataButForCredentials() throws Exception {
    try (var running =
            new Running(keepingHeaders(Optional.empty()), Budget.UNBOUNDED, Extensions.NONE);
        var frames = new Frames(running.port())) {
      frames.call(1, false, "x-tenant", "us", "authorization", "Bearer secret", "cookie", "a=b");
      frames.data(1, true, spans(1));
      assertThat(frames.answer(1).headers()).containsEntry("grpc-status", OK);
      assertThat(running.sink.batches.getFirst().origin().metadata())
          .containsEntry("x-tenant", List.of("us"))
          .doesNotContainKeys("authorization", "cookie");
    }
  }

  @Test
  void keyByWhichTheSenderIsKnownDoesNotTravelWithTheData() throws Exception {
    var auth = new AuthConfig(ComponentId.parse("key"));
    Extensions extensions = _ -> Optional.of(new DoorTest.Key());
    try (var running =
            new Running(keepingHeaders(Optional.of(auth)), Budget.UNBOUNDED, extensions);
        var frames = new Frames(running.port())) {
      frames.call(1, false, "x-tenant", "us", "x-api-key", "right");
      frames.data(1, true, spans(1));
      assertThat(frames.answer(1).headers()).containsEntry("grpc-status", OK);
      assertThat(running.sink.batches.getFirst().origin().metadata())
          .containsEntry("x-tenant", List.of("us"))
          .doesNotContainKey("x-api-key");
    }
  }

  @Test
  void callUnderWayIsAnsweredWhileStopping() throws Exception {
    try (var running = new Running(GrpcReceiverTest.config());
        var frames = new Frames(running.port())) {
      running.sink.hold();
      frames.call(1, false);
      frames.data(1, true, spans(1));
      running.awaitWaiting();
      var stopped = running.stopping();
      assertThat(stopped).isNotDone();
      running.answerWaiting(new Outcome.Accepted(), Loop.Family.GRPC);
      var answer = frames.answer(1);
      assertThat(answer.headers()).containsEntry("grpc-status", OK);
      stopped.get(Running.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
