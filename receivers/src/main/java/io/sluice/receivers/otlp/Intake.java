package io.sluice.receivers.otlp;

import io.sluice.component.ComponentContext;
import io.sluice.component.Inlets;
import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.data.Frame;
import io.sluice.data.Lease;
import io.sluice.data.Origin;
import io.sluice.data.Signal;
import io.sluice.data.Validate;
import io.sluice.pipeline.Outcome;
import io.sluice.wire.Bytes;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/// What both protocols do with a request once its bytes are there: check and hand on. One for each
/// loop and protocol; confined to that loop.
final class Intake {
  private final ComponentContext context;
  private final Inlets inlets;
  private final Loop loop;
  private final String transport;

  Intake(ComponentContext context, Inlets inlets, Loop loop, String transport) {
    this.context = context;
    this.inlets = inlets;
    this.loop = loop;
    this.transport = transport;
  }

  boolean serves(Signal signal) {
    return inlets.signals().contains(signal);
  }

  /// Hands a request on. The lease stays the caller's, to be closed when the answer is there.
  ///
  /// @param frame the compressed form of `otlp`, if it came so
  /// @throws io.sluice.wire.MalformedWireException if it is not OTLP
  Future<Outcome> accept(
      Signal signal, Bytes otlp, @Nullable Frame frame, Origin origin, Lease lease) {
    var checked = Validate.request(signal, otlp);
    if (checked.items() == 0) {
      return Outcome.accepted();
    }
    var batch = new Batch(signal, checked.otlp(), checked.items(), origin, lease, frame);
    if (checked.repairedStrings() == 0) {
      return handOn(batch);
    }
    repaired(checked.repairedStrings());
    return handOnRepaired(batch.with(batch.otlp(), batch.items()));
  }

  /// It has bytes of its own, up to three times as many, so it stands on a lease of its own.
  private Future<Outcome> handOnRepaired(Batch batch) {
    var lease = context.budget().take(batch.sizeInBytes());
    if (lease == null) {
      return Outcome.refused("no room for the repaired request").now();
    }
    return handOn(batch.with(lease)).onComplete(_ -> lease.close());
  }

  /// Whatever a pipeline does, its caller gets an answer and can give the bytes back.
  private Future<Outcome> handOn(Batch batch) {
    Future<Outcome> answer;
    try {
      answer = inlets.on(loop).accept(batch);
    } catch (RuntimeException bug) {
      answer = Future.failedFuture(bug);
    }
    return answer.onFailure(this::failed);
  }

  /// Counts a request that never reached the pipeline.
  void rejected(Reason reason) {
    context
        .telemetry()
        .counter(
            "sluice_receiver_rejected_requests",
            "Requests refused before they reached the pipeline, by reason.",
            "receiver",
            context.id().toString(),
            "transport",
            transport,
            "reason",
            reason.toString())
        .increment();
  }

  /// A future that fails is a bug of ours.
  void failed(Throwable failure) {
    context.log().error("Pipeline failed", "transport", transport, "error", failure.toString());
  }

  private void repaired(int strings) {
    context
        .telemetry()
        .counter(
            "sluice_receiver_repaired_strings",
            "Strings that were not UTF-8, passed on with the offending bytes replaced.",
            "receiver",
            context.id().toString(),
            "transport",
            transport)
        .increment(strings);
  }
}
