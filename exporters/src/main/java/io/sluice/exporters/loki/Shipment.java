package io.sluice.exporters.loki;

import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.exporters.tenant.Tenants;
import io.sluice.exporters.tenant.Tenants.Share;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One attempt at one batch: tenant by tenant and window by window, each translated in steps, so that others
/// get their turn on the loop, then sent, one request at a time. Confined to one loop.
///
/// Of what is blamed, the entries that Loki names are rejected; where it does not name them, halves are sent
/// until they stand alone. Loki keeps an entry that it has got twice once.
final class Shipment {
  /// Between two turns of others on the loop.
  static final int RECORDS_AT_ONCE = 1000;

  /// Requests in the search through one window, and more for each entry that was found at fault. What is left
  /// then counts as rejected, unless it is known that most of it was taken.
  static final int ATTEMPTS = 200;

  static final int ATTEMPTS_FOR_EACH = 30;

  /// In any case.
  static final int ATTEMPTS_MAX = 3_000;

  /// After so many requests of which nothing was taken, pieces are not halved any more until one is taken.
  static final int HOPELESS_AFTER = 16;

  /// So many tenants in a row get no answer, then the others are not tried: the server is away.
  static final int SILENCES_MAX = 2;

  /// However often a request was halved.
  private static final long REQUEST_BYTES_MIN = 1 << 10;

  private final long items;
  private final List<Share> shares;
  private final Translation translation;
  private final Progress progress;
  private final Post post;
  private final Settings settings;
  private final Loop loop;
  private final Deque<Share> open;
  private final Deque<Piece> pieces = new ArrayDeque<>();

  /// Pieces that are searched only if another is taken.
  private final List<Postponed> postponed = new ArrayList<>();

  private final Promise<Outcome> done = Promise.promise();
  private Share share;
  private int attempts;
  private int found;
  private boolean success;
  private int silences;

  /// Whether anything of the tenant at hand was sent.
  private boolean asked;

  /// Whether all of a tenant's was judged, by answers of this attempt: what another is refused is for that
  /// tenant's limits.
  private boolean served;

  private Outcome.@Nullable Refused refused;

  /// @param doubt what is known of how many of the entries are at fault
  private record Piece(int[] entries, @Nullable Doubt doubt) {
    Piece of(int[] some) {
      return new Piece(some, doubt);
    }
  }

  private record Postponed(Piece piece, Fault fault, String reason) {}

  /// Sends entries of the window, by number.
  @FunctionalInterface
  interface Post {
    Future<Verdict> send(int[] entries, Map<String, String> headers);
  }

  /// @param bytesMax of the entries of one request
  /// @param keepsDeadLetters whether what is rejected is kept, though all of a batch is
  record Settings(int bytesMax, boolean keepsDeadLetters) {}

  /// @param shares of the batch, not empty
  Shipment(
      Batch batch,
      Tenants.Shares shares,
      Translation translation,
      Progress progress,
      Post post,
      Settings settings,
      Loop loop) {
    items = batch.items();
    this.shares = shares.shares();
    this.translation = translation;
    this.progress = progress;
    this.post = post;
    this.settings = settings;
    this.loop = loop;
    open =
        this.shares.stream()
            .sorted(Comparator.comparing(each -> progress.of(each.tenant()).refused))
            .collect(Collectors.toCollection(ArrayDeque::new));
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
    asked = false;
    progress().attempt();
    translation.begin(share.batch(), progress.nowNs, progress().translated);
    fill();
  }

  private Progress.Share progress() {
    return progress.of(share.tenant());
  }

  private void fill() {
    try {
      long bytes = Math.max(REQUEST_BYTES_MIN, (long) settings.bytesMax >> progress().halved);
      if (!translation.fill(RECORDS_AT_ONCE, progress().settled, bytes)) {
        loop.execute(this::fill);
        return;
      }
      progress().translated = Math.max(progress().translated, translation.records());
      attempts = 0;
      found = 0;
      success = false;
      if (translation.window().size() > 0) {
        pieces.add(new Piece(translation.window().ordered(), null));
      }
      send();
    } catch (RuntimeException bug) {
      done.tryFail(bug);
    }
  }

  private void send() {
    var piece = next();
    if (piece != null) {
      attempts++;
      asked = true;
      post.send(piece.entries, share.tenant().headers())
          .onComplete((verdict, bug) -> {
            if (bug != null) {
              done.tryFail(bug);
            } else {
              loop.execute(() -> judged(piece, verdict)); // no deeper on the stack for many
            }
          });
      return;
    }
    postponed.forEach(each -> giveUp(each.piece, each.fault, each.reason));
    postponed.clear();
    if (translation.ended()) {
      served |= asked;
      nextShare();
    } else {
      translation.clear();
      fill();
    }
  }

  /// Null if all of the window is judged, or postponed.
  private @Nullable Piece next() {
    var piece = pieces.poll();
    while (piece != null && piece.doubt != null && piece.doubt.isOver()) {
      settle(piece.entries);
      piece = pieces.poll();
    }
    return piece;
  }

  private void judged(Piece piece, Verdict verdict) {
    try {
      judge(piece, verdict);
    } catch (RuntimeException bug) {
      done.tryFail(bug);
    }
  }

  private void judge(Piece piece, Verdict verdict) {
    silences = verdict instanceof Verdict.Silence ? silences + 1 : 0;
    switch (verdict) {
      case Verdict.Taken() -> taken(piece);
      case Verdict.Again(var again) -> {
        refuse(again);
        return;
      }
      case Verdict.Silence(var again) -> {
        refuse(again);
        return;
      }
      case Verdict.TooLarge(var reason) -> search(piece, Fault.TOO_LARGE, reason);
      case Verdict.Blamed blamed -> {
        if (!blame(piece, blamed)) {
          refuse(blamed.throttled());
          return;
        }
      }
      case Verdict.Never(var fault, var reason) -> {
        var rest = new BitSet();
        rest.set(0, share.batch().items());
        rest.andNot(progress().settled);
        progress.reject(progress(), rest, fault, reason);
        endShare();
        return;
      }
    }
    send();
  }

  private void taken(Piece piece) {
    settle(piece.entries);
    succeeded();
    progress().taken();
  }

  private void succeeded() {
    success = true;
    postponed.forEach(each -> halve(each.piece));
    postponed.clear();
  }

  /// Other tenants may have better luck, and go first next time.
  private void refuse(Outcome.Refused again) {
    progress().refused(again);
    refused =
        refused == null || refused.retryAfter().compareTo(again.retryAfter()) < 0 ? again : refused;
    if (silences >= SILENCES_MAX) {
      open.clear();
    }
    endShare();
  }

  private void endShare() {
    pieces.clear();
    postponed.clear();
    nextShare();
  }

  /// @return false if nobody is to blame
  private boolean blame(Piece piece, Verdict.Blamed blamed) {
    var blame = Blame.of(blamed, translation.window(), piece.entries);
    var guilty = new BitSet();
    blame
        .culprits()
        .forEach((words, entries) -> {
          entries.andNot(guilty);
          guilty.or(entries);
          convict(piece, entries, Fault.INVALID, Verdict.reason(blamed.status(), words));
        });
    if (guilty.isEmpty() && blame.throttled()) {
      return false;
    }
    var reason = Verdict.reason(blamed.status(), blamed.words());
    var rest = piece.of(without(piece.entries, guilty));
    if (blame.complete()) {
      succeeded();
      for (var suspects : blame.suspects()) {
        suspects.entries().andNot(guilty);
        guilty.or(suspects.entries());
        var doubt = new Doubt(suspects.said(), piece.doubt);
        search(new Piece(suspects.entries().stream().toArray(), doubt), Fault.INVALID, reason);
      }
      settle(without(piece.entries, guilty));
    } else if (guilty.isEmpty()) {
      search(rest, Fault.INVALID, reason);
    } else if (attempts < attemptsMax()) {
      again(rest);
    } else {
      giveUp(rest, Fault.INVALID, reason);
    }
    return true;
  }

  private static int[] without(int[] entries, BitSet guilty) {
    return Arrays.stream(entries).filter(entry -> !guilty.get(entry)).toArray();
  }

  /// Nothing is known of these.
  private void again(Piece piece) {
    if (piece.entries.length > 0) {
      pieces.addFirst(piece);
    }
  }

  private int attemptsMax() {
    return (int) Math.min(ATTEMPTS + (long) found * ATTEMPTS_FOR_EACH, ATTEMPTS_MAX);
  }

  /// Some of these are at fault.
  private void search(Piece piece, Fault fault, String reason) {
    if (piece.entries.length <= 1) {
      convict(piece, bits(piece.entries), fault, reason);
    } else if (attempts >= attemptsMax()) {
      giveUp(piece, fault, reason);
    } else if (!success && attempts >= HOPELESS_AFTER) {
      postponed.add(new Postponed(piece, fault, reason));
    } else {
      halve(piece);
    }
  }

  private void halve(Piece piece) {
    int middle = (piece.entries.length + 1) / 2;
    again(piece.of(Arrays.copyOfRange(piece.entries, middle, piece.entries.length)));
    again(piece.of(Arrays.copyOf(piece.entries, middle)));
  }

  /// Who is at fault is not searched any further.
  private void giveUp(Piece piece, Fault fault, String reason) {
    if (piece.doubt == null) {
      convict(piece, bits(piece.entries), fault, reason);
    } else {
      settle(piece.entries);
      progress.missing(piece.doubt.giveUp(), reason);
    }
  }

  private static BitSet bits(int[] entries) {
    var bits = new BitSet();
    Arrays.stream(entries).forEach(bits::set);
    return bits;
  }

  private void convict(Piece piece, BitSet entries, Fault fault, String reason) {
    int count = entries.cardinality();
    found += count;
    if (piece.doubt != null) {
      piece.doubt.found(count);
    }
    reject(entries, fault, reason);
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
    var ending = new Ending(shares, progress, items, settings.keepsDeadLetters);
    return refused == null ? ending.settled() : ending.again(refused, served && silences == 0);
  }
}
