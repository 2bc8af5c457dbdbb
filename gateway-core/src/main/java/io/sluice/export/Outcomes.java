package io.sluice.export;

import io.sluice.pipeline.Outcome;
import io.vertx.core.AsyncResult;

/// What to make of a result that may be a bug.
final class Outcomes {
  private Outcomes() {}

  static Outcome of(AsyncResult<Outcome> result) {
    return result.succeeded()
        ? result.result()
        : new Outcome.Rejected(Outcome.Fault.INTERNAL, "internal error: " + result.cause());
  }
}
