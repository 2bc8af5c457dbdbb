package io.sluice.exporters.tenant;

import io.sluice.data.Batch;
import io.sluice.exporters.progress.Unfinished;
import io.sluice.exporters.tenant.Tenants.Share;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Sends each tenant's share of a batch for itself. When the batch comes again since some were refused, what
/// had arrived is not sent again, and if it does not come again, is not lost. Confined to one loop.
///
/// A batch of one tenant goes out as it is: who sends it to us divides it if need be.
public final class TenantSink implements BatchSink {
  /// Of more than that it is found out anew with each batch.
  private static final int HOPELESS_MAX = 1000;

  private final Tenants tenants;
  private final boolean keepsDeadLetters;
  private final Outlet outlet;
  private final Unfinished<Progress> unfinished = new Unfinished<>();

  /// Those of whom a search found nothing that is valid. They are not searched until something is taken.
  private final Set<Tenant> hopeless = new HashSet<>();

  /// Makes one attempt at a batch of one tenant.
  @FunctionalInterface
  public interface Outlet {
    /// @param headers that name the tenant; none for nobody in particular
    Future<Outcome> send(Batch batch, Map<String, String> headers);
  }

  /// @param keepsDeadLetters whether to search for items that are not valid
  public TenantSink(Tenants tenants, boolean keepsDeadLetters, Outlet outlet) {
    this.tenants = tenants;
    this.keepsDeadLetters = keepsDeadLetters;
    this.outlet = outlet;
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    var found = tenants.of(batch);
    var shares = found.shares();
    if (shares.size() == 1 && found.culprits().isEmpty()) {
      return outlet.send(batch, shares.getFirst().tenant().headers());
    }
    var known = unfinished.take(batch);
    var progress = known == null ? new Progress() : known;
    if (known == null) {
      found.culprits().forEach(progress::reject);
    }
    var searches = searches(shares, progress);
    return new Round(outlet, searches, progress)
        .begin()
        .map(result -> {
          searches.forEach(this::remember);
          return outcome(batch, shares, progress, result);
        });
  }

  /// Who was refused before comes last: others may have better luck.
  private List<Search> searches(List<Share> shares, Progress progress) {
    return shares.stream()
        .filter(share -> !progress.of(share).isSettled())
        .sorted(Comparator.comparing(share -> progress.of(share).refused()))
        .map(share ->
            new Search(share, progress, keepsDeadLetters && !hopeless.contains(share.tenant())))
        .toList();
  }

  private void remember(Search search) {
    if (search.success()) {
      hopeless.remove(search.tenant());
    } else if (search.isHopeless() && hopeless.size() < HOPELESS_MAX) {
      hopeless.add(search.tenant());
    }
  }

  private Outcome outcome(Batch batch, List<Share> shares, Progress progress, Round.Result result) {
    int items = batch.items();
    return result
        .refused()
        .<Outcome>map(refused -> {
          unfinished.keep(batch, progress);
          return progress.untouched()
              ? refused
              : refused.with(partly(result.works(), refused.reason(), shares, progress, items));
        })
        .orElseGet(() -> progress.outcome(items));
  }

  /// Static, for it lives as long as the batch waits.
  private static Outcome.Partly partly(
      boolean works, String reason, List<Share> shares, Progress progress, int items) {
    return new Outcome.Partly(
        works,
        () -> {
          progress.giveUp(shares, "retries exhausted: " + reason);
          return progress.outcome(items).now();
        });
  }
}
