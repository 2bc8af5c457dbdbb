package io.sluice.exporters.loki;

import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.exporters.tenant.Tenants;
import io.sluice.exporters.tenant.Tenants.Share;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Culprit;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// One attempt at one batch: tenant by tenant and window by window, each translated in steps, so that others
/// get their turn on the loop, then sent, one request at a time. Confined to one loop.
///
/// Of what is blamed, the entries that Loki names are rejected; where it does not name them, halves are sent
/// until they stand alone. Loki keeps an entry that it has got twice once.
final class Shipment {
  /// Between two turns of others on the loop.
  static final int RECORDS_AT_ONCE = 1000;

  /// Requests in the search through one window; what is left then counts as rejected.
  static final int ATTEMPTS_MAX = 200;

  /// A search that found nothing that is taken in so many requests ends.
  static final int HOPELESS_AFTER = 16;

  /// However often a request was halved.
  private static final long REQUEST_BYTES_MIN = 1 << 10;

  private final Batch batch;
  private final Tenants.Shares shares;
  private final Translation translation;
  private final Progress progress;
  private final Post post;
  private final Settings settings;
  private final Loop loop;
  private final Deque<Share> open;
  private final Deque<int[]> pieces = new ArrayDeque<>();
  private final Promise<Outcome> done = Promise.promise();
  private Share share;
  private int attempts;
  private boolean success;

  /// Sends entries of the window, by number.
  @FunctionalInterface
  interface Post {
    Future<Verdict> send(int[] entries, Map<String, String> headers);
  }

  /// @param bytesMax of the entries of one request
  /// @param keepsDeadLetters whether what is rejected is kept, though all of a batch is
  record Settings(int bytesMax, long nowNs, boolean keepsDeadLetters) {}

  /// @param shares of the batch, not empty
  Shipment(
      Batch batch,
      Tenants.Shares shares,
      Translation translation,
      Progress progress,
      Post post,
      Settings settings,
      Loop loop) {
    this.batch = batch;
    this.shares = shares;
    this.translation = translation;
    this.progress = progress;
    this.post = post;
    this.settings = settings;
    this.loop = loop;
    open = new ArrayDeque<>(shares.shares());
    share = open.getFirst();
  }

  Future<Outcome> begin() {
    nextShare();
    return done.future();
  }

  private void nextShare() {
    var next = open.poll();
    if (next == null) {
      done.tryComplete(outcome());
      return;
    }
    share = next;
    translation.begin(share.batch(), settings.nowNs);
    fill();
  }

  private Progress.Share progress() {
    return progress.of(share.tenant());
  }

  private void fill() {
    try {
      long bytes = Math.max(REQUEST_BYTES_MIN, (long) settings.bytesMax >> progress.halved);
      if (!translation.fill(RECORDS_AT_ONCE, progress().settled, bytes)) {
        loop.execute(this::fill);
        return;
      }
      attempts = 0;
      success = false;
      if (translation.window().size() > 0) {
        pieces.add(translation.window().ordered());
      }
      send();
    } catch (RuntimeException bug) {
      done.tryFail(bug);
    }
  }

  private void send() {
    var piece = pieces.poll();
    if (piece != null) {
      attempts++;
      post.send(piece, share.tenant().headers())
          .onComplete((verdict, bug) -> {
            if (bug != null) {
              done.tryFail(bug);
            } else {
              loop.execute(() -> judged(piece, verdict)); // no deeper on the stack for many
            }
          });
    } else if (translation.ended()) {
      nextShare();
    } else {
      translation.clear();
      fill();
    }
  }

  private void judged(int[] piece, Verdict verdict) {
    try {
      judge(piece, verdict);
    } catch (RuntimeException bug) {
      done.tryFail(bug);
    }
  }

  private void judge(int[] piece, Verdict verdict) {
    switch (verdict) {
      case Verdict.Taken() -> {
        settle(piece);
        success = true;
      }
      case Verdict.Again(var refused) -> {
        if (refused.pressure() == Pressure.THROTTLED) {
          progress.halved = Math.min(progress.halved + 1, Integer.SIZE - 1);
        }
        done.tryComplete(refused);
        return;
      }
      case Verdict.TooLarge(var reason) -> search(piece, Fault.TOO_LARGE, reason);
      case Verdict.Blamed blamed -> blame(piece, blamed);
      case Verdict.Never(var fault, var reason) -> {
        var rest = new BitSet();
        rest.set(0, share.batch().items());
        rest.andNot(progress().settled);
        progress.reject(progress(), rest, fault, reason);
        pieces.clear();
        nextShare();
        return;
      }
    }
    send();
  }

  private void blame(int[] piece, Verdict.Blamed blamed) {
    var blame = Blame.of(blamed, translation.window(), piece);
    var guilty = new BitSet();
    blame
        .culprits()
        .forEach((words, entries) -> {
          entries.andNot(guilty);
          guilty.or(entries);
          reject(entries, Fault.INVALID, Verdict.reason(blamed.status(), words));
        });
    var reason = Verdict.reason(blamed.status(), blamed.words());
    if (blame.complete()) {
      success = true;
      settle(without(piece, guilty, blame.suspects()));
      search(only(piece, guilty, blame.suspects()), Fault.INVALID, reason);
    } else if (guilty.isEmpty()) {
      search(piece, Fault.INVALID, reason);
    } else {
      again(without(piece, guilty, new BitSet()));
    }
  }

  private static int[] without(int[] piece, BitSet guilty, BitSet suspects) {
    return Arrays.stream(piece).filter(e -> !guilty.get(e) && !suspects.get(e)).toArray();
  }

  private static int[] only(int[] piece, BitSet guilty, BitSet suspects) {
    return Arrays.stream(piece).filter(e -> !guilty.get(e) && suspects.get(e)).toArray();
  }

  /// Nothing is known of these.
  private void again(int[] piece) {
    if (piece.length > 0) {
      pieces.addFirst(piece);
    }
  }

  /// Some of these are at fault.
  private void search(int[] piece, Fault fault, String reason) {
    boolean hopeless = !success && attempts >= HOPELESS_AFTER;
    if (piece.length > 1 && attempts < ATTEMPTS_MAX && !hopeless) {
      int middle = (piece.length + 1) / 2;
      again(Arrays.copyOfRange(piece, middle, piece.length));
      again(Arrays.copyOf(piece, middle));
    } else if (piece.length > 0) {
      var entries = new BitSet();
      Arrays.stream(piece).forEach(entries::set);
      reject(entries, fault, reason);
    }
  }

  private void reject(BitSet entries, Fault fault, String reason) {
    if (!entries.isEmpty()) {
      var records = new BitSet();
      entries.stream().map(translation.window()::item).forEach(records::set);
      progress.reject(progress(), records, fault, reason);
    }
  }

  private void settle(int[] piece) {
    for (int entry : piece) {
      progress().settled.set(translation.window().item(entry));
    }
  }

  private Outcome outcome() {
    for (var each : shares.shares()) {
      progress.cut(each.tenant(), each.batch());
    }
    long items = progress.culprits().stream().mapToLong(each -> each.batch().items()).sum();
    if (items == 0) {
      return new Outcome.Accepted();
    }
    var last = progress.culprits().getLast();
    boolean all = items >= batch.items();
    return all && (!settings.keepsDeadLetters || alike(progress.culprits()))
        ? new Outcome.Rejected(last.fault(), last.reason())
        : new Outcome.Partial(items, progress.reason, progress.culprits());
  }

  /// Whether the pipe, which would search what is invalid, can take all for one.
  private static boolean alike(List<Culprit> culprits) {
    return culprits.size() == 1 && culprits.getFirst().fault() != Fault.INVALID;
  }
}
