package io.sluice.exporters.tenant;

import io.sluice.data.Batch;
import io.sluice.exporters.tenant.Tenants.Share;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Culprit;
import io.sluice.pipeline.Outcome.Fault;

/// What is sent of one share in one attempt, a piece at a time. A piece that is rejected is halved until the
/// items at fault stand alone, as a batch of one tenant is before it comes to the exporter.
final class Search {
  /// What is rejected beyond is lost in the pieces that there are then.
  static final int ATTEMPTS_MAX = 200;

  /// After so many requests of which nothing was taken pieces are not halved any more.
  static final int HOPELESS_AFTER = 16;

  private final Share share;
  private final Progress progress;
  private final Progress.Part part;

  /// Whether to look for those that are not valid; without dead letters nobody would keep them.
  private final boolean findsInvalid;

  private int attempts;
  private boolean success;

  Search(Share share, Progress progress, boolean findsInvalid) {
    this.share = share;
    this.progress = progress;
    this.findsInvalid = findsInvalid;
    part = progress.of(share);
  }

  Tenant tenant() {
    return share.tenant();
  }

  boolean isOver() {
    return part.isSettled();
  }

  /// Whether it was long, and in vain.
  boolean isHopeless() {
    return !success && attempts >= HOPELESS_AFTER;
  }

  boolean success() {
    return success;
  }

  Batch next() {
    attempts++;
    return part.first().of(share.batch());
  }

  void delivered() {
    success = true;
    progress.deliver();
    part.settleFirst();
  }

  void rejected(Outcome.Rejected rejected) {
    if (isDivided(rejected.fault())) {
      part.halveFirst();
    } else {
      var piece = part.settleFirst().of(share.batch());
      progress.reject(new Culprit(piece, rejected.fault(), rejected.reason()));
    }
  }

  void refused() {
    part.refuse();
  }

  private boolean isDivided(Fault fault) {
    boolean worthIt = fault == Fault.TOO_LARGE || (fault == Fault.INVALID && findsInvalid);
    return worthIt && part.first().items() > 1 && attempts < ATTEMPTS_MAX && !isHopeless();
  }
}
