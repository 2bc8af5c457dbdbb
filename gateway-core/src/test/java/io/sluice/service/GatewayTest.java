package io.sluice.service;

import static io.sluice.testkit.BooksBalance.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Budget;
import io.sluice.component.ComponentContext.Build;
import io.sluice.component.ComponentId;
import io.sluice.component.Delivery;
import io.sluice.component.Loop;
import io.sluice.component.Placement;
import io.sluice.component.QueueConfig;
import io.sluice.component.RetryConfig;
import io.sluice.component.Status;
import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import io.sluice.service.Fakes.FakeExporter;
import io.sluice.service.Fakes.FakeProcessor;
import io.sluice.service.Fakes.FakeReceiver;
import io.sluice.service.Plan.ExporterPart;
import io.sluice.service.Plan.Pipeline;
import io.sluice.service.Plan.ProcessorPart;
import io.sluice.service.Plan.ReceiverPart;
import io.sluice.telemetry.Log;
import io.sluice.telemetry.Telemetry;
import io.sluice.testkit.Payloads;
import io.sluice.testkit.TestLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayTest {
  private final TestLoop grpc = new TestLoop(Loop.Family.GRPC);
  private final TestLoop http = new TestLoop(Loop.Family.HTTP);
  private final Telemetry telemetry = Telemetry.silent();
  private final Fakes fakes = new Fakes();
  private final Gateway gateway =
      new Gateway(
          new Environment(
              () -> List.of(grpc, http),
              Budget.UNBOUNDED,
              telemetry,
              Log.NONE,
              InstantSource.system(),
              new Build("sluice", "Sluice", "test")));

  @AfterEach
  void booksBalance() {
    assertBalanced(telemetry.books());
  }

  private Future<Void> run(Future<Void> step) {
    for (int i = 0; i < 100; i++) {
      grpc.run();
      http.run();
    }
    assertThat(step.isComplete()).isTrue();
    return step;
  }

  private ReceiverPart<?> receiver(String id, int setting) {
    return new ReceiverPart<>(
        ComponentId.parse(id), fakes.receivers, new Fakes.Config(setting, false));
  }

  private ExporterPart<?> exporter(String id, int setting) {
    return new ExporterPart<>(
        ComponentId.parse(id), fakes.exporters, new Fakes.Config(setting, false));
  }

  private ProcessorPart<?> processor(String id, Placement placement) {
    return new ProcessorPart<>(
        ComponentId.parse(id),
        placement == Placement.ONCE ? fakes.onceProcessors : fakes.processors,
        new Fakes.Config(0, false));
  }

  private static Plan plan(Pipeline... pipelines) {
    return new Plan(TelemetryConfig.defaults(), List.of(), List.of(pipelines));
  }

  private static Pipeline traces(
      ReceiverPart<?> receiver, List<ProcessorPart<?>> processors, ExporterPart<?>... exporters) {
    return new Pipeline(
        new PipelineId(Signal.TRACES, ""), List.of(receiver), processors, List.of(exporters));
  }

  private Outcome send(FakeReceiver receiver, Loop loop, String name) {
    var answer = receiver.inlets.on(loop).accept(Payloads.spans(name, 2));
    for (int i = 0; i < 10; i++) {
      grpc.run();
      http.run();
    }
    return answer.result();
  }

  @Test
  void startsSinksBeforeSourcesAndStopsTheOtherWayRound() {
    run(
        gateway.start(
            plan(
                traces(
                    receiver("in", 1),
                    List.of(processor("once", Placement.ONCE)),
                    exporter("out", 1)))));
    assertThat(fakes.events).containsExactly("start out", "start once", "start in");
    assertThat(gateway.health().ready()).isTrue();
    run(gateway.stop());

    assertThat(fakes.events.subList(3, 6)).containsExactly("stop in", "stop once", "stop out");
    assertThat(gateway.health().ready()).isFalse();
  }

  @Test
  void aBatchPassesEveryStageOnAnyLoop() {
    run(
        gateway.start(
            plan(
                traces(
                    receiver("in", 1),
                    List.of(
                        processor("every", Placement.EVERY_LOOP),
                        processor("once", Placement.ONCE)),
                    exporter("out", 1)))));
    var in = fakes.last(FakeReceiver.class);

    assertThat(send(in, grpc, "a")).isEqualTo(new Outcome.Accepted());
    assertThat(send(in, http, "b")).isEqualTo(new Outcome.Accepted());
    assertThat(fakes.last(FakeExporter.class).recorder.items()).isEqualTo(4);
    assertThat(fakes.created(FakeProcessor.class))
        .as("one on each loop of the stateless, one of the other")
        .hasSize(3);
    run(gateway.stop());
  }

  @Test
  void aSignalWithoutPipelineIsNotServed() {
    run(gateway.start(plan(traces(receiver("in", 1), List.of(), exporter("out", 1)))));
    var in = fakes.last(FakeReceiver.class);

    assertThat(in.inlets.signals()).containsExactly(Signal.TRACES);
    assertThat(in.inlets.on(http).accept(Payloads.logs("a", 1)).result())
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            rejected -> assertThat(rejected.fault()).isEqualTo(Outcome.Fault.UNIMPLEMENTED));
    run(gateway.stop());
  }

  @Test
  void aFailedStartNamesTheComponentAndStopsTheOthers() {
    fakes.failing = "in";
    var started =
        run(gateway.start(plan(traces(receiver("in", 1), List.of(), exporter("out", 1)))));

    assertThat(started.cause()).hasMessage("failed to start \"in\" receiver: port in use");
    assertThat(fakes.events).contains("stop out");
    assertThat(gateway.health().ready()).isFalse();
  }

  @Test
  void aReloadKeepsWhatDidNotChange() {
    run(gateway.start(plan(traces(receiver("in", 1), List.of(), exporter("out", 1)))));
    var in = fakes.last(FakeReceiver.class);
    fakes.events.clear();
    run(
        gateway.reload(
            plan(
                traces(
                    receiver("in", 1),
                    List.of(processor("every", Placement.EVERY_LOOP)),
                    exporter("out", 1),
                    exporter("other", 1)))));

    assertThat(fakes.events).doesNotContain("stop in", "start in", "stop out", "start out");
    assertThat(send(in, http, "a")).isEqualTo(new Outcome.Accepted());
    assertThat(fakes.created(FakeProcessor.class)).isNotEmpty();
    assertThat(fakes.last(FakeExporter.class).recorder.items()).isEqualTo(2);
    run(gateway.stop());
  }

  @Test
  void aReloadReplacesWhatChanged() {
    run(gateway.start(plan(traces(receiver("in", 1), List.of(), exporter("out", 1)))));
    fakes.events.clear();
    run(gateway.reload(plan(traces(receiver("in", 2), List.of(), exporter("out", 2)))));

    assertThat(fakes.events).containsExactly("start out", "stop in", "start in", "stop out");
    assertThat(send(fakes.last(FakeReceiver.class), http, "a")).isEqualTo(new Outcome.Accepted());
    run(gateway.stop());
  }

  /// The new sink cannot start: nothing that runs is touched.
  @Test
  void aReloadThatFailsBeforeTheListenersLeavesTheOldPlanRunning() {
    run(gateway.start(plan(traces(receiver("in", 1), List.of(), exporter("out", 1)))));
    var in = fakes.last(FakeReceiver.class);
    var out = fakes.last(FakeExporter.class);
    fakes.failing = "broken";
    fakes.events.clear();
    var reloaded =
        run(gateway.reload(plan(traces(receiver("in", 2), List.of(), exporter("broken", 1)))));

    assertThat(reloaded.cause()).hasMessageContaining("failed to start \"broken\" exporter");
    assertThat(fakes.events).doesNotContain("stop in", "stop out");
    assertThat(send(in, http, "a")).isEqualTo(new Outcome.Accepted());
    assertThat(out.recorder.items()).isEqualTo(2);
    assertThat(gateway.health().ready()).isTrue();
    run(gateway.stop());
  }

  /// The old listener had to make room for the new one, which cannot start: it comes back.
  @Test
  void aReloadThatFailsAtTheListenersBringsTheOldOnesBack() {
    run(gateway.start(plan(traces(receiver("in", 1), List.of(), exporter("out", 1)))));
    var out = fakes.last(FakeExporter.class);
    fakes.failing = "in";
    fakes.failOnlySetting = 2;
    var reloaded =
        run(gateway.reload(plan(traces(receiver("in", 2), List.of(), exporter("new", 1)))));

    assertThat(reloaded.failed()).isTrue();
    assertThat(send(fakes.last(FakeReceiver.class), http, "a")).isEqualTo(new Outcome.Accepted());
    assertThat(out.recorder.items()).as("the old plan's exporter").isEqualTo(2);
    run(gateway.stop());
  }

  @Test
  void statusesAreByPipelineAndForgetWhatIsGone() {
    run(gateway.start(plan(traces(receiver("in", 1), List.of(), exporter("out", 1)))));
    var components = gateway.health().components().getOrDefault("traces", Map.of());
    assertThat(components).containsOnlyKeys("receiver:in", "exporter:out");
    assertThat(components.values()).allMatch(s -> s.state() == Status.State.OK);
    run(gateway.reload(plan(traces(receiver("in", 1), List.of(), exporter("new", 1)))));

    assertThat(gateway.health().components().get("traces"))
        .containsOnlyKeys("receiver:in", "exporter:new");
    run(gateway.stop());
  }

  /// As long as `in` may still not start, the exporter of the new plan gets nothing, neither from `keep` nor
  /// from the new `in`: it would be left with it.
  @Test
  void untilAReloadCannotFailAnyMoreBatchesGoWhereTheyWent() {
    fakes.delivery = QUEUED;
    run(gateway.start(plan(two(receiver("in", 1), exporter("out", 1)))));
    var old = fakes.last(FakeExporter.class).recorder;
    fakes.failing = "in";
    fakes.failOnlySetting = 2;
    var failure = Promise.<Void>promise();
    fakes.failure = failure.future();
    var reload = gateway.reload(plan(two(receiver("in", 2), exporter("new", 1))));
    settle();
    assertThat(send(keep(), http, "a")).isEqualTo(new Outcome.Accepted());
    assertThat(send(fakes.last(FakeReceiver.class), http, "b")).isEqualTo(new Outcome.Accepted());
    assertThat(old.items()).isEqualTo(4);
    failure.complete();

    assertThat(run(reload).failed()).isTrue();
    assertThat(fakes.last(FakeExporter.class).recorder.items()).as("the new one's").isZero();
    assertThat(fakes.events).contains("stop new");
    assertThat(send(keep(), http, "c")).isEqualTo(new Outcome.Accepted());
    assertThat(old.items()).isEqualTo(6);
    assertBalanced(telemetry.books());
    run(gateway.stop());
  }

  /// A stage waits for its batch, and that for a retry in an hour.
  @Test
  void aStopWaitsForNoRetry() {
    fakes.delivery = HOURLY;
    run(
        gateway.start(
            plan(
                traces(
                    receiver("in", 1),
                    List.of(processor("once", Placement.ONCE)),
                    exporter("out", 1)))));
    refuseOnce();
    run(gateway.stop());
    assertThat(fakes.last(FakeExporter.class).recorder.items()).isEqualTo(4);
  }

  @Test
  void aReloadWaitsForNoRetryOfWhatItTakesAway() {
    fakes.delivery = HOURLY;
    run(
        gateway.start(
            plan(
                traces(
                    receiver("in", 1),
                    List.of(processor("once", Placement.ONCE)),
                    exporter("out", 1)))));
    var out = fakes.last(FakeExporter.class);
    refuseOnce();
    run(gateway.reload(plan(traces(receiver("in", 1), List.of(), exporter("new", 1)))));
    settle();
    assertThat(out.recorder.items()).isEqualTo(4);
    assertThat(fakes.events).contains("stop once", "stop out");
    run(gateway.stop());
  }

  /// Sends a batch that is refused, and would not be the next time.
  private void refuseOnce() {
    var recorder = fakes.last(FakeExporter.class).recorder.answer(Outcome.refused("not now"));
    fakes.last(FakeReceiver.class).inlets.on(http).accept(Payloads.spans("a", 2));
    settle();
    assertThat(recorder.items()).isEqualTo(2);
    recorder.answer(new Outcome.Accepted());
  }

  /// A loop may be inside the old graph as long as it has not done what it was at.
  @Test
  void stagesOfTheOldGraphStopOnlyWhenEveryLoopHasLeftIt() {
    run(
        gateway.start(
            plan(
                traces(
                    receiver("in", 1),
                    List.of(processor("once", Placement.ONCE)),
                    exporter("out", 1)))));
    fakes.events.clear();
    var reload = gateway.reload(plan(traces(receiver("in", 1), List.of(), exporter("out", 1))));
    for (int i = 0; i < 100; i++) {
      http.run();
    }
    assertThat(reload.succeeded()).isTrue();
    assertThat(fakes.events).as("the gRPC loop is busy").isEmpty();
    settle();
    assertThat(fakes.events).containsExactly("stop once");
    run(gateway.stop());
  }

  /// The old graph's stages may still hand on to an exporter that the new graph has taken over.
  @Test
  void aStopKeepsExportersOpenForTheGraphThatStillDrains() {
    run(
        gateway.start(
            plan(
                traces(
                    receiver("in", 1),
                    List.of(processor("once", Placement.ONCE)),
                    exporter("out", 1)))));
    gateway.reload(plan(traces(receiver("in", 1), List.of(), exporter("out", 1))));
    for (int i = 0; i < 100; i++) {
      http.run();
    }
    fakes.events.clear();
    var stopped = gateway.stop();
    for (int i = 0; i < 100; i++) {
      http.run();
    }
    assertThat(fakes.events).containsExactly("stop in");
    run(stopped);
    assertThat(fakes.events).containsExactly("stop in", "stop once", "stop out");
  }

  /// SIGTERM right after a reload: the exporter that was taken out still holds a batch.
  @Test
  void aStopWaitsForWhatAReloadLeftToDeliver() {
    fakes.delivery = QUEUED;
    run(gateway.start(plan(traces(receiver("in", 1), List.of(), exporter("out", 1)))));
    var old = fakes.last(FakeExporter.class).recorder.hold();
    send(fakes.last(FakeReceiver.class), http, "a");
    run(gateway.reload(plan(traces(receiver("in", 1), List.of(), exporter("new", 1)))));
    var stopped = gateway.stop();
    settle();
    assertThat(stopped.isComplete()).isFalse();
    old.waiting.getFirst().complete(new Outcome.Accepted());
    run(stopped);
    assertThat(fakes.events).contains("stop out");
  }

  private static final Delivery QUEUED =
      new Delivery(Duration.ZERO, RetryConfig.defaults(), Optional.of(QueueConfig.defaults()));
  private static final Delivery HOURLY =
      new Delivery(
          Duration.ZERO,
          new RetryConfig(
              true, Duration.ofHours(1), 0, 1, Duration.ofHours(1), Optional.of(Duration.ZERO)),
          Optional.empty());

  private Pipeline two(ReceiverPart<?> receiver, ExporterPart<?> exporter) {
    return new Pipeline(
        new PipelineId(Signal.TRACES, ""),
        List.of(receiver("keep", 1), receiver),
        List.of(),
        List.of(exporter));
  }

  private FakeReceiver keep() {
    return fakes.created(FakeReceiver.class).getFirst();
  }

  private void settle() {
    for (int i = 0; i < 100; i++) {
      grpc.run();
      http.run();
    }
  }
}
