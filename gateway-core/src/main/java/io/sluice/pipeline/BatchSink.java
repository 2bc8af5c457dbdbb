package io.sluice.pipeline;

import io.sluice.data.Batch;
import io.vertx.core.Future;

/// The one seam of the gateway: processors, fan-outs, queues and exporters are all sinks.
///
/// The future is acknowledgement, backpressure and error report in one:
///
///   - it completes with an [Outcome] once the sink has taken responsibility for the batch or
///     refused it; a receiver answers its client then and not before;
///   - it fails only if the sink has a bug. What the world does wrong is an outcome, not a failure.
///
/// A sink that changes nothing returns the future of the next one: a pass-through stage costs
/// nothing. A sink must not block and must not throw. It is called on its own loop and completes
/// there.
@FunctionalInterface
public interface BatchSink {
  Future<Outcome> accept(Batch batch);
}
