package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.sluice.component.Budget;
import io.sluice.component.ComponentContext;
import io.sluice.component.Inlets;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.data.Signal;
import io.sluice.pipeline.BatchSink;
import io.sluice.service.ByteBudget;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.Recorder;
import io.sluice.testkit.TestLoop;
import io.sluice.transport.grpc.GrpcMessage;
import io.sluice.transport.grpc.GrpcServerConfig;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// A call by itself, on a loop whose time the test moves.
class GrpcExchangeTest {
  private final TestLoop loop = new TestLoop(Loop.Family.GRPC);
  private final Budget budget = new ByteBudget(1 << 20);
  private final Recorder sink = new Recorder();
  private final Call call = new Call();

  @Test
  void callThatNeverSendsItsMessageGivesItsRoomBack() {
    intake().begin(Signal.TRACES, call, new Metadata());
    assertThat(call.requested).isEqualTo(1);
    assertThat(budget.bytes()).isPositive();
    loop.advance(GrpcExchange.MESSAGE_MAX.minusMillis(1));
    assertThat(call.closed).isEmpty();
    loop.advance(GrpcExchange.MESSAGE_MAX);
    assertThat(call.closed.map(Status::getCode)).contains(Status.Code.UNAVAILABLE);
    assertThat(budget.bytes()).isZero();
  }

  /// Else a few hundred calls that send nothing would keep everybody out.
  @Test
  void callThatIsSilentGivesMostOfItsRoomBack() {
    var exchange = (GrpcExchange) intake().begin(Signal.TRACES, call, new Metadata());
    long first = budget.bytes();
    loop.advance(GrpcExchange.SILENCE_MAX);
    assertThat(budget.bytes()).isPositive().isLessThan(first / 2);
    exchange.arrived(100_000);
    assertThat(budget.bytes()).isGreaterThanOrEqualTo(100_000);
    exchange.onMessage(GrpcMessage.plain(Samples.spans(1)));
    assertThat(call.closed.map(Status::getCode)).contains(Status.Code.OK);
    assertThat(budget.bytes()).isZero();
  }

  @Test
  void messageEndsTheWaitForIt() {
    var exchange = intake().begin(Signal.TRACES, call, new Metadata());
    exchange.onMessage(GrpcMessage.plain(Samples.spans(1)));
    assertThat(loop.timers()).isZero();
    assertThat(call.closed.map(Status::getCode)).contains(Status.Code.OK);
    assertThat(budget.bytes()).isZero();
  }

  private GrpcIntake intake() {
    var base = Contexts.of(Kind.RECEIVER, "otlp/1", loop);
    var context =
        new ComponentContext(
            base.kind(),
            base.id(),
            base.loop(),
            base.loops(),
            budget,
            base.telemetry(),
            base.log(),
            base.status(),
            base.health(),
            base.extensions(),
            base.clock(),
            base.build());
    var answers = new Answers(RandomGenerator.of("L64X128MixRandom"));
    var common = new Intake(context, new Everything(), loop, "grpc");
    return new GrpcIntake(GrpcServerConfig.defaults(), context, common, loop, answers);
  }

  private final class Everything implements Inlets {
    @Override
    public Set<Signal> signals() {
      return EnumSet.allOf(Signal.class);
    }

    @Override
    public BatchSink on(Loop loop) {
      return sink;
    }
  }

  /// Remembers what was asked of it.
  private static final class Call extends ServerCall<GrpcMessage, GrpcMessage> {
    private int requested;
    private Optional<Status> closed = Optional.empty();

    @Override
    public void request(int messages) {
      requested += messages;
    }

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(GrpcMessage message) {}

    @Override
    public void close(Status status, Metadata trailers) {
      closed = Optional.of(status);
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<GrpcMessage, GrpcMessage> getMethodDescriptor() {
      throw new UnsupportedOperationException("nobody asks");
    }
  }
}
