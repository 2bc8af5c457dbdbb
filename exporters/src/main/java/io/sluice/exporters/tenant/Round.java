package io.sluice.exporters.tenant;

import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Pressure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// One attempt at the shares of a batch, a few at a time. Confined to one loop.
final class Round {
  /// Shares that are under way at the same time.
  static final int AT_ONCE = 4;

  /// So many refusals in a row that are not for a tenant's limits, then the others are not tried: the server is
  /// away, and each would wait for its own timeout.
  static final int SILENCES_MAX = 4;

  private final TenantSink.Outlet outlet;
  private final Progress progress;
  private final Deque<Search> open;
  private final Promise<Result> done = Promise.promise();
  private int underWay;
  private int silences;
  private boolean served;
  private boolean pumping;
  private Optional<Outcome.Refused> refused = Optional.empty();

  /// @param refused with the longest wait of all; empty if nothing is open any more
  /// @param works whether the server answers, and refuses for a tenant's limits only
  record Result(Optional<Outcome.Refused> refused, boolean works) {}

  Round(TenantSink.Outlet outlet, List<Search> searches, Progress progress) {
    this.outlet = outlet;
    this.progress = progress;
    open = new ArrayDeque<>(searches);
  }

  Future<Result> begin() {
    pump();
    return done.future();
  }

  /// An answer may be there at once, any number of times.
  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (underWay < AT_ONCE && !open.isEmpty()) {
        send(open.removeFirst());
      }
    } catch (RuntimeException bug) {
      done.tryFail(bug);
    } finally {
      pumping = false;
    }
    if (underWay == 0 && open.isEmpty()) {
      done.tryComplete(new Result(refused, served && silences == 0));
    }
  }

  private void send(Search search) {
    underWay++;
    outlet
        .send(search.next(), search.tenant().headers())
        .onComplete((outcome, bug) -> {
          underWay--;
          if (bug == null) {
            judge(search, outcome);
          } else {
            done.tryFail(bug);
          }
          pump();
        });
  }

  private void judge(Search search, Outcome outcome) {
    switch (outcome) {
      case Outcome.Accepted() -> search.delivered();
      case Outcome.Partial(var items, var reason, var culprits) -> {
        search.delivered();
        progress.reject(items, reason, culprits);
      }
      case Outcome.Rejected rejected -> search.rejected(rejected);
      case Outcome.Refused again -> {
        refuse(search, again);
        return;
      }
    }
    served = true;
    silences = 0;
    if (!search.isOver()) {
      open.addFirst(search);
    }
  }

  private void refuse(Search search, Outcome.Refused again) {
    search.refused();
    refused =
        refused
            .filter(longest -> longest.retryAfter().compareTo(again.retryAfter()) >= 0)
            .or(() -> Optional.of(again.whole()));
    silences = again.pressure() == Pressure.UNAVAILABLE ? silences + 1 : 0;
    if (silences >= SILENCES_MAX) {
      open.clear();
    }
  }
}
