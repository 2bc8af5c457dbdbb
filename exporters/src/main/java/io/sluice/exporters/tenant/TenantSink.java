package io.sluice.exporters.tenant;

import io.sluice.data.Batch;
import io.sluice.exporters.progress.Unfinished;
import io.sluice.exporters.tenant.Tenants.Share;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Culprit;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sends each tenant's share of a batch for itself, a few at a time. When the batch comes again since some
/// were refused, those that had arrived are not sent again. Confined to one loop.
public final class TenantSink implements BatchSink {
  /// Shares of one batch that are sent at the same time.
  static final int AT_ONCE = 4;

  private final Tenants tenants;
  private final Outlet outlet;
  private final Unfinished<Progress> unfinished = new Unfinished<>();

  /// Makes one attempt at a batch of one tenant.
  @FunctionalInterface
  public interface Outlet {
    /// @param headers that name the tenant; none for nobody in particular
    Future<Outcome> send(Batch batch, Map<String, String> headers);
  }

  public TenantSink(Tenants tenants, Outlet outlet) {
    this.tenants = tenants;
    this.outlet = outlet;
  }

  /// What has come of a batch.
  private static final class Progress {
    final Set<Tenant> settled = new HashSet<>();
    final List<Culprit> culprits = new ArrayList<>();
    long rejected;
    String reason = "";

    void reject(Culprit culprit) {
      culprits.add(culprit);
      rejected += culprit.batch().items();
      reason = culprit.reason();
    }
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    var shares = tenants.of(batch);
    if (shares.shares().size() == 1 && shares.culprits().isEmpty()) {
      return outlet.send(batch, shares.shares().getFirst().tenant().headers());
    }
    var known = unfinished.take(batch);
    var progress = known == null ? new Progress() : known;
    if (known == null) {
      shares.culprits().forEach(progress::reject);
    }
    return new Round(batch, shares.shares(), progress).begin();
  }

  private final class Round {
    private final Batch batch;
    private final Progress progress;
    private final Deque<Share> open = new ArrayDeque<>();
    private final Promise<Outcome> done = Promise.promise();
    private int underWay;
    private boolean pumping;
    private Outcome.@Nullable Refused refused;

    Round(Batch batch, List<Share> shares, Progress progress) {
      this.batch = batch;
      this.progress = progress;
      for (var share : shares) {
        if (!progress.settled.contains(share.tenant())) {
          open.add(share);
        }
      }
    }

    Future<Outcome> begin() {
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
        done.tryComplete(outcome());
      }
    }

    private void send(Share share) {
      underWay++;
      outlet
          .send(share.batch(), share.tenant().headers())
          .onComplete((outcome, bug) -> {
            underWay--;
            if (bug == null) {
              judge(share, outcome);
            } else {
              done.tryFail(bug);
            }
            pump();
          });
    }

    private void judge(Share share, Outcome outcome) {
      switch (outcome) {
        case Outcome.Accepted() -> progress.settled.add(share.tenant());
        case Outcome.Partial(var items, var reason, var culprits) -> {
          progress.settled.add(share.tenant());
          progress.culprits.addAll(culprits);
          progress.rejected += items;
          progress.reason = reason;
        }
        case Outcome.Rejected(var fault, var reason) -> {
          progress.settled.add(share.tenant());
          progress.reject(new Culprit(share.batch(), fault, reason));
        }
        case Outcome.Refused again ->
            refused =
                refused == null || refused.retryAfter().compareTo(again.retryAfter()) < 0
                    ? again
                    : refused;
      }
    }

    private Outcome outcome() {
      if (refused != null) {
        unfinished.keep(batch, progress);
        return refused;
      }
      if (progress.rejected == 0) {
        return new Outcome.Accepted();
      }
      if (progress.culprits.size() == 1 && progress.rejected >= batch.items()) {
        var all = progress.culprits.getFirst();
        return new Outcome.Rejected(all.fault(), all.reason());
      }
      return new Outcome.Partial(progress.rejected, progress.reason, progress.culprits);
    }
  }
}
