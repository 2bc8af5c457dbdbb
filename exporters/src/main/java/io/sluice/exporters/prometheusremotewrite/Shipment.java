package io.sluice.exporters.prometheusremotewrite;

import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.exporters.prometheus.Translation;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One attempt at one batch: translated in steps, so that others get their turn on the loop, then sent in
/// pieces. Confined to one loop.
///
/// A piece that is rejected is halved until the series at fault stand alone, unless the pipe does that
/// with the batch itself since it keeps dead letters.
final class Shipment {
  /// Between two turns of others on the loop.
  static final int POINTS_AT_ONCE = 2000;

  /// Requests in one search; what is left then counts as rejected.
  static final int ATTEMPTS_MAX = 200;

  /// A search that found nothing that is taken in so many requests ends.
  static final int HOPELESS_AFTER = 16;

  /// In words that the pipe takes for a limit of size.
  private static final String TOO_LARGE =
      "the labels of its series are larger than max " + Translation.LABEL_BYTES_MAX;

  private final Batch batch;
  private final Translation translation;
  private final Progress progress;
  private final Destination destination;
  private final Limits limits;
  private final Loop loop;
  private final Map<String, String> headers;
  private final Deque<Piece> pieces = new ArrayDeque<>();
  private final Promise<Outcome> done = Promise.promise();
  private int underWay;
  private int attempts;
  private boolean success;
  private boolean pumping;
  private Outcome.@Nullable Refused refused;

  /// @param requestsMax at the same time
  /// @param searches whether to look for the series at fault
  record Limits(int bytesMax, int requestsMax, boolean metadata, boolean searches) {}

  Shipment(
      Batch batch,
      Translation translation,
      Progress progress,
      Destination destination,
      Limits limits,
      Loop loop,
      Map<String, String> headers) {
    this.batch = batch;
    this.translation = translation;
    this.progress = progress;
    this.destination = destination;
    this.limits = limits;
    this.loop = loop;
    this.headers = headers;
  }

  Future<Outcome> begin() {
    translation.begin(batch);
    translate();
    return done.future();
  }

  private void translate() {
    try {
      if (!translation.step(POINTS_AT_ONCE)) {
        loop.execute(this::translate);
        return;
      }
      if (translation.tooLarge()) {
        done.complete(new Outcome.Rejected(Fault.TOO_LARGE, TOO_LARGE));
        return;
      }
      pieces.addAll(
          Piece.of(
              translation.table(),
              destination.dialect(),
              progress.settled,
              limits.bytesMax,
              limits.metadata));
      pump();
    } catch (RuntimeException bug) {
      done.tryFail(bug);
    }
  }

  /// An answer may be there at once, any number of times.
  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (refused == null && underWay < limits.requestsMax && !pieces.isEmpty()) {
        send(pieces.removeFirst());
      }
    } catch (RuntimeException bug) {
      done.tryFail(bug);
    } finally {
      pumping = false;
    }
    if (underWay == 0 && (refused != null || pieces.isEmpty())) {
      done.tryComplete(outcome());
    }
  }

  private void send(Piece piece) {
    underWay++;
    attempts++;
    destination
        .send(piece, translation.table(), headers, batch.origin())
        .onComplete((outcome, bug) -> {
          underWay--;
          if (bug != null) {
            done.tryFail(bug);
            return;
          }
          judge(piece, outcome);
          pump();
        });
  }

  private void judge(Piece piece, Outcome outcome) {
    switch (outcome) {
      case Outcome.Accepted() -> delivered(piece);
      case Outcome.Partial(var missing, var reason, _) -> {
        delivered(piece);
        progress.missing += missing;
        progress.reason = reason;
      }
      case Outcome.Refused again ->
          refused =
              refused == null || refused.retryAfter().compareTo(again.retryAfter()) < 0
                  ? again
                  : refused;
      case Outcome.Rejected rejected -> {
        if (worthSearching(piece, rejected)) {
          piece.halves().reversed().forEach(pieces::addFirst);
        } else {
          reject(piece, rejected);
        }
      }
    }
  }

  private void delivered(Piece piece) {
    piece.settle(progress.settled);
    progress.delivered = true;
    success = true;
    destination.hopeless(false);
  }

  private boolean worthSearching(Piece piece, Outcome.Rejected rejected) {
    boolean atFault = rejected.fault() == Fault.INVALID || rejected.fault() == Fault.TOO_LARGE;
    if (!success && attempts >= HOPELESS_AFTER) {
      destination.hopeless(true);
    }
    return limits.searches
        && atFault
        && piece.divisible()
        && attempts < ATTEMPTS_MAX
        && !destination.hopeless();
  }

  private void reject(Piece piece, Outcome.Rejected rejected) {
    piece.settle(progress.settled);
    piece.points(translation.table(), progress.rejected);
    progress.fault = rejected.fault();
    progress.reason = rejected.reason();
  }

  private Outcome outcome() {
    if (refused != null) {
      return refused;
    }
    var fault = progress.fault;
    if (fault != null && (!limits.searches || !progress.delivered)) {
      return new Outcome.Rejected(fault, progress.reason);
    }
    var troubles = translation.troubles();
    long lost = progress.rejected.cardinality() + progress.missing + troubles.total();
    if (lost == 0) {
      return new Outcome.Accepted();
    }
    var both = progress.reason.isEmpty() || troubles.none() ? "" : "; ";
    return new Outcome.Partial(
        Math.min(lost, batch.items()), progress.reason + both + troubles.text());
  }
}
