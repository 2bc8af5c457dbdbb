package io.sluice.exporters.prometheusremotewrite;

import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.exporters.prometheus.Translation;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One attempt at one batch: translated in steps, so that others get their turn on the loop, then sent in
/// pieces. Confined to one loop.
///
/// A piece that is rejected is halved until the series at fault stand alone, and these until the samples do.
final class Shipment {
  /// Between two turns of others on the loop.
  static final int POINTS_AT_ONCE = 2000;

  /// Requests that search one batch, and more for each series that was found at fault; what is rejected beyond is lost
  /// as it is.
  static final int ATTEMPTS = 200;

  static final int ATTEMPTS_FOR_EACH = 30;

  /// In any case.
  static final int ATTEMPTS_MAX = 2_000;

  /// A search that found nothing that is taken in so many requests ends. Where one in a hundred is at fault, pieces
  /// of a large batch are taken when they are small, and several are tried at the same time.
  static final int HOPELESS_AFTER = 100;

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

  /// Pieces that are searched only if the destination takes another.
  private final List<Postponed> postponed = new ArrayList<>();

  private final Promise<Outcome> done = Promise.promise();
  private final int attemptsBefore;
  private int underWay;
  private boolean success;
  private Outcome.@Nullable Refused refused;

  private record Postponed(Piece piece, Outcome.Rejected rejected) {}

  /// @param requestsMax at the same time
  /// @param names whether to say which points were rejected, so that they are kept as dead letters
  record Limits(int bytesMax, int requestsMax, boolean metadata, boolean names) {}

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
    attemptsBefore = progress.attempts;
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
              progress,
              limits.bytesMax,
              limits.metadata));
      pump();
    } catch (RuntimeException | Error bug) { // whoever waits for an answer waits for this one
      done.tryFail(bug);
    }
  }

  /// One request; the next in another turn.
  private void pump() {
    if (done.future().isComplete()) {
      return;
    }
    try {
      if (maySend()) {
        send(pieces.removeFirst());
        if (maySend()) {
          loop.execute(this::pump);
        }
      }
      if (underWay == 0 && (refused != null || pieces.isEmpty())) {
        end();
      }
    } catch (RuntimeException | Error bug) {
      done.tryFail(bug);
    }
  }

  private void end() {
    if (refused == null) {
      postponed.forEach(each -> reject(each.piece, each.rejected));
    }
    done.tryComplete(outcome());
  }

  /// What is known of metrics comes behind all series, and a part of a series behind the one before.
  private boolean maySend() {
    return refused == null
        && underWay < limits.requestsMax
        && !pieces.isEmpty()
        && (underWay == 0 || !(pieces.getFirst().metadata() || pieces.getFirst().part()));
  }

  private void send(Piece piece) {
    underWay++;
    progress.attempts += piece.whole() ? 0 : 1;
    destination
        .send(piece, translation.table(), headers, batch.origin())
        .onComplete((outcome, bug) -> {
          underWay--;
          if (bug == null) {
            answered(piece, outcome);
          } else {
            done.tryFail(bug);
          }
        });
  }

  private void answered(Piece piece, Outcome outcome) {
    try {
      judge(piece, outcome);
      loop.execute(this::pump);
    } catch (RuntimeException | Error bug) {
      done.tryFail(bug);
    }
  }

  private void judge(Piece piece, Outcome outcome) {
    switch (outcome) {
      case Outcome.Accepted() -> delivered(piece);
      case Outcome.Partial(var missing, var reason, _) -> {
        delivered(piece);
        long lost = Math.min(missing, piece.points(translation.table()).cardinality());
        progress.missing += lost;
        progress.reason = lost > 0 ? reason : progress.reason;
      }
      case Outcome.Refused again ->
          refused =
              refused == null || refused.retryAfter().compareTo(again.retryAfter()) < 0
                  ? again
                  : refused;
      case Outcome.Rejected rejected -> rejected(piece, rejected);
    }
  }

  private void delivered(Piece piece) {
    progress.settle(piece);
    if (!piece.measures(translation.table())) {
      return;
    }
    progress.delivered = true;
    success = true;
    destination.hopeless(false);
    postponed.forEach(each -> search(each.piece));
    postponed.clear();
  }

  private void search(Piece piece) {
    piece.halves(translation.table()).reversed().forEach(pieces::addFirst);
  }

  private void rejected(Piece piece, Outcome.Rejected rejected) {
    boolean searched = isSearched(rejected.fault());
    boolean inVain = !success && progress.attempts - attemptsBefore >= HOPELESS_AFTER;
    if (searched && inVain) {
      destination.hopeless(true);
    }
    boolean over = progress.attempts >= ATTEMPTS + progress.found * ATTEMPTS_FOR_EACH;
    if (!searched
        || !piece.divisible(translation.table())
        || progress.attempts >= ATTEMPTS_MAX
        || (over && !piece.part())) {
      reject(piece, rejected);
    } else if (piece.part() && (over || inVain)) {
      skip(piece, rejected); // it cannot be postponed: what comes next would overtake it
    } else if (piece.part() || piece.scouts() > 0 || !destination.hopeless()) {
      search(piece);
    } else {
      postponed.add(new Postponed(piece, rejected));
    }
  }

  private void skip(Piece piece, Outcome.Rejected rejected) {
    var parts = piece.withoutLate(translation.table());
    reject(parts.getFirst(), rejected);
    if (parts.size() > 1) {
      pieces.addFirst(parts.getLast());
    }
  }

  /// Whether other series might be taken.
  private static boolean isSearched(Fault fault) {
    return fault == Fault.INVALID || fault == Fault.TOO_LARGE;
  }

  private void reject(Piece piece, Outcome.Rejected rejected) {
    if (piece.metadata()) {
      destination.metadataRejected(rejected.reason());
      return;
    }
    progress.found++;
    progress.settle(piece);
    var points = piece.points(translation.table());
    if (points.isEmpty()) {
      destination.metadataRejected(rejected.reason()); // a target_info
    } else {
      progress.reject(points, rejected.fault(), rejected.reason());
    }
  }

  private Outcome outcome() {
    var troubles = translation.troubles();
    var ending =
        new Ending(batch, progress, troubles.total(), troubles.none() ? "" : troubles.text());
    if (refused != null) {
      return progress.delivered ? ending.again(refused, open()) : refused;
    }
    var all = wholly();
    return all == null ? ending.settled(limits.names) : all;
  }

  /// Points of which something is left.
  private BitSet open() {
    var open = new BitSet();
    Piece.of(translation.table(), destination.dialect(), progress, limits.bytesMax, false)
        .forEach(piece -> open.or(piece.points(translation.table())));
    return open;
  }

  /// Nothing was delivered. Where dead letters are kept and a search was made, the pipe need not make another.
  private Outcome.@Nullable Rejected wholly() {
    var rejections = progress.rejections();
    if (progress.delivered || rejections.isEmpty()) {
      return null;
    }
    var last = rejections.getLast();
    return limits.names && isSearched(last.fault())
        ? null
        : new Outcome.Rejected(last.fault(), last.reason());
  }
}
