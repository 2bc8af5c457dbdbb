package io.sluice.disk;

import io.sluice.data.Batch;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What writer, readers and callers of one log share. Its own lock guards all of it, and segments and
/// destinations too; nobody touches the disk or calls out while holding it.
final class State {
  /// What a refused sender should wait.
  static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /// So many that wait are looked at for the same batch.
  private static final int SAME_BATCH_LOOK_BACK = 16;

  final Files files;
  final Quarantine quarantine;
  final Limits limits;
  final Frames frames;
  final InstantSource clock;
  final LogMeter meter;
  final Runnable wake;

  private final TreeMap<Long, Segment> segments = new TreeMap<>();
  private final Map<String, Destination> destinations = new LinkedHashMap<>();
  private final Deque<Append> pending = new ArrayDeque<>();

  /// Where the first of those segments begins that cannot be read at present; nothing is said about them.
  private long leftFrom = Long.MAX_VALUE;

  private boolean open;
  private String refusal = "the storage is not open yet";
  private boolean unmarked;

  State(
      Files files,
      Quarantine quarantine,
      Limits limits,
      SegmentLog.Surroundings surroundings,
      Runnable wake) {
    this.files = files;
    this.quarantine = quarantine;
    this.limits = limits;
    frames = surroundings.frames();
    clock = surroundings.clock();
    meter = surroundings.meter();
    this.wake = wake;
  }

  synchronized Destination destination(String name) {
    return destinations.computeIfAbsent(name, n -> new Destination(this, n));
  }

  synchronized Optional<Destination> known(String name) {
    return Optional.ofNullable(destinations.get(name));
  }

  synchronized Destination wanted(String name) {
    var destination = destination(name);
    destination.wanted = true;
    return destination;
  }

  /// Those that a new segment should know.
  synchronized List<String> names() {
    return destinations.values().stream()
        .filter(destination -> destination.wanted || destination.unsettled.records() > 0)
        .map(Destination::name)
        .toList();
  }

  private boolean remembered(Destination destination) {
    return destination.wanted
        || segments.values().stream().anyMatch(segment -> segment.shareOf(destination) != null);
  }

  synchronized List<Destination> destinations() {
    return List.copyOf(destinations.values());
  }

  void append(Batch batch, @Nullable DeadLetter letter, Destination to, Consumer<Appended> answer) {
    var refused = enqueue(batch, letter, to, answer);
    if (refused != null) {
      answer.accept(refused);
    } else {
      wake.run();
    }
  }

  private @Nullable Appended enqueue(
      Batch batch, @Nullable DeadLetter letter, Destination to, Consumer<Appended> answer) {
    synchronized (this) {
      if (!open) {
        return new Appended.Refused(refusal, RETRY_AFTER);
      }
      var same = letter == null ? sameBatch(batch, to) : null;
      if (same != null) {
        same.add(to, answer);
        return null;
      }
    }
    var append = new Append(batch, letter, frames);
    append.add(to, answer);
    long limit = limits.bytesMax();
    if (limit > 0 && limits.segmentFor(append.length()) > limit) {
      return new Appended.TooLarge(
          append.length() + " bytes (expected: to fit into bytes_max, " + limit + ")");
    }
    synchronized (this) {
      if (!open) {
        return new Appended.Refused(refusal, RETRY_AFTER);
      }
      pending.add(append);
    }
    return null;
  }

  /// A fan-out gives one batch to all of its branches at once.
  @SuppressWarnings("ReferenceEquality") // the same one, not an equal one
  private @Nullable Append sameBatch(Batch batch, Destination to) {
    int looked = 0;
    for (var it = pending.descendingIterator(); it.hasNext() && looked < SAME_BATCH_LOOK_BACK; ) {
      var waiting = it.next();
      if (waiting.batch == batch
          && waiting.type == RecordHeader.Type.BATCH
          && !waiting.to.contains(to)) {
        return waiting;
      }
      looked++;
    }
    return null;
  }

  /// The next appends, as many as make so many bytes, at least one if there is one.
  synchronized List<Append> take(long bytes) {
    var group = new ArrayList<Append>();
    long sum = 0;
    while (!pending.isEmpty()) {
      sum += pending.getFirst().length();
      if (sum > bytes && !group.isEmpty()) {
        break;
      }
      group.add(pending.removeFirst());
    }
    return group;
  }

  void open() {
    synchronized (this) {
      open = true;
      destinations
          .values()
          .forEach(destination -> destination.backlog = Optional.of(destination.unsettled));
    }
    announce();
  }

  synchronized boolean isOpen() {
    return open;
  }

  /// From now on everything is refused.
  ///
  /// @return what was not yet taken
  synchronized List<Append> shut(String reason) {
    open = false;
    refusal = reason;
    var left = List.copyOf(pending);
    pending.clear();
    return left;
  }

  synchronized void add(Segment segment) {
    segments.put(segment.header.first(), segment);
  }

  /// There is a segment that cannot be read; another start may read it.
  synchronized void leave(long first) {
    leftFrom = Math.min(leftFrom, first);
  }

  synchronized List<Segment> segments() {
    return List.copyOf(segments.values());
  }

  /// Those that nothing is appended to any more, the oldest first.
  synchronized List<Segment> finished() {
    return segments.values().stream().filter(segment -> segment.finished).toList();
  }

  /// Those that hold something that may be dropped, and nothing that was stored later.
  synchronized List<Segment> storedUntil(long ms) {
    return segments.values().stream()
        .filter(segment -> segment.newestMs < ms && droppable(segment))
        .toList();
  }

  private static boolean droppable(Segment segment) {
    return segment.shares.stream().anyMatch(share -> share.remaining.records() > delivering(share));
  }

  synchronized long bytes() {
    return segments.values().stream().mapToLong(segment -> segment.bytes).sum();
  }

  synchronized void resized(Segment segment, long bytes) {
    segment.bytes = bytes;
  }

  /// These records are on stable storage: they may be read, and answered for.
  void committed(Segment segment, List<RecordHeader> records, long end, List<Append> group) {
    synchronized (this) {
      for (int i = 0; i < records.size(); i++) {
        var header = records.get(i);
        for (var destination : group.get(i).to) {
          stored(segment, destination, Counts.of(header));
        }
        segment.last = header.sequence();
        segment.oldestMs = Math.min(segment.oldestMs, header.storedAtMs());
        segment.newestMs = Math.max(segment.newestMs, header.storedAtMs());
      }
      segment.committed = segment.last;
      segment.end = end;
    }
    announce();
  }

  private static void stored(Segment segment, Destination destination, Counts counts) {
    var share = segment.shareOf(destination);
    if (share == null) {
      throw new IllegalStateException(destination.name + " is not in " + segment.file);
    }
    share.stored = share.stored.plus(counts);
    share.remaining = share.remaining.plus(counts);
    destination.unsettled = destination.unsettled.plus(counts);
  }

  synchronized void finish(Segment segment, boolean failed) {
    segment.finished = true;
    segment.failed |= failed;
  }

  void claim(Claim claim) {
    boolean readable;
    Map<Loss, Counts> untold;
    synchronized (this) {
      claim.destination.claims.add(claim);
      untold = claim.destination.takeUntold();
      readable = open;
    }
    untold.forEach(claim.lost);
    if (readable) {
      claim.readable.run();
    }
  }

  /// Tells whoever may read that there may be more. Called without the lock.
  void announce() {
    for (var destination : destinations()) {
      Claim first;
      synchronized (this) {
        first = destination.claims.peekFirst();
      }
      if (first != null) {
        first.readable.run();
      }
    }
  }

  /// The oldest segment behind a sequence that has something to read for this destination.
  synchronized @Nullable Segment next(Destination destination, long after) {
    for (var segment : segments.tailMap(after, false).values()) {
      if (readable(segment, destination)) {
        return segment;
      }
    }
    return null;
  }

  /// The oldest segment behind a sequence that holds something for this destination, read or not.
  synchronized @Nullable Segment holding(Destination destination, long after) {
    for (var segment : segments.tailMap(after, false).values()) {
      var share = segment.shareOf(destination);
      if (share != null
          && !segment.dropped
          && (share.remaining.records() > 0 || !segment.finished)) {
        return segment;
      }
    }
    return null;
  }

  /// The newest segment that has something to read for this destination, or the one so many before it.
  synchronized @Nullable Segment newest(Destination destination, int before) {
    int left = before;
    for (var segment : segments.descendingMap().values()) {
      if (readable(segment, destination) && left-- == 0) {
        return segment;
      }
    }
    return null;
  }

  /// Something that nobody has read yet, or something may come.
  private static boolean readable(Segment segment, Destination destination) {
    var share = segment.shareOf(destination);
    return share != null
        && !segment.dropped
        && (share.remaining.records() > share.outstanding.records() || !segment.finished);
  }

  /// @return whether the segment may go now
  synchronized boolean settle(
      Segment.Share share, long sequence, Counts counts, boolean outstanding) {
    if (outstanding) {
      share.outstanding = share.outstanding.minus(counts);
    }
    share.remaining = share.remaining.minus(counts);
    var destination = share.destination;
    destination.unsettled = destination.unsettled.minus(counts);
    destination.settled.add(sequence, sequence);
    destination.sent.remove(sequence);
    unmarked = true;
    return share.segment.finished && share.segment.settled();
  }

  /// Whether a record is one for this destination, and not settled.
  synchronized boolean holds(Segment.Share share, RecordHeader header) {
    int bit = share.segment.shares.indexOf(share);
    return (header.destinations() >>> bit & 1) != 0
        && !share.segment.dropped
        && !share.segment.uncounted.contains(header.sequence())
        && !share.destination.settled.contains(header.sequence());
  }

  /// One record counts as settled, unless it is being delivered.
  ///
  /// @return whether it does
  synchronized boolean giveUp(Segment.Share share, RecordHeader header) {
    long sequence = header.sequence();
    if (!open || !holds(share, header)) {
      return false;
    }
    for (var claim : share.destination.claims) {
      if (claim.has(sequence)) {
        return claim.withdraw(sequence) && settled(share, header, true);
      }
    }
    return settled(share, header, false);
  }

  private boolean settled(Segment.Share share, RecordHeader header, boolean outstanding) {
    settle(share, header.sequence(), Counts.of(header), outstanding);
    return true;
  }

  /// Nobody will ever read these: they count as settled. What is outstanding still may be.
  ///
  /// @return what was not outstanding
  synchronized Counts writeOff(Segment.Share share) {
    var lost = share.remaining.minus(share.outstanding);
    share.remaining = share.outstanding;
    var destination = share.destination;
    destination.unsettled = destination.unsettled.minus(lost);
    long next = share.segment.header.first();
    for (long sequence : outstanding(share)) {
      destination.settled.add(next, sequence - 1);
      next = sequence + 1;
    }
    destination.settled.add(next, share.segment.last);
    unmarked = true;
    return lost;
  }

  private static SortedSet<Long> outstanding(Segment.Share share) {
    var sequences = new TreeSet<Long>();
    share.destination.claims.forEach(claim -> claim.addOutstanding(share, sequences));
    return sequences;
  }

  /// The same, but for what is being delivered: what is only read ahead is taken back.
  ///
  /// @return what was not being delivered
  synchronized Counts drop(Segment.Share share) {
    share.destination.claims.forEach(claim -> claim.withdraw(share));
    return writeOff(share);
  }

  /// Whether something of it is being delivered.
  synchronized boolean onItsWay(Segment segment) {
    return segment.shares.stream().anyMatch(share -> delivering(share) > 0);
  }

  private static long delivering(Segment.Share share) {
    return share.destination.claims.stream().mapToLong(claim -> claim.delivering(share)).sum();
  }

  /// Forgets to have sent what is in no segment.
  synchronized void forgetSent() {
    destinations
        .values()
        .forEach(destination -> destination.sent.removeIf(sequence -> !stored(sequence)));
  }

  private boolean stored(long sequence) {
    var segment = segments.floorEntry(sequence);
    return segment != null && sequence <= segment.getValue().last;
  }

  synchronized long oldestMs(Destination destination) {
    for (var segment : segments.values()) {
      var share = segment.shareOf(destination);
      if (share != null && share.remaining.records() > 0) {
        return segment.oldestMs;
      }
    }
    return 0;
  }

  /// A picture of what is settled, and the segments that are not needed once it is on stable storage.
  record Picture(Marks marks, List<Segment> settled) {}

  synchronized Picture picture(long next) {
    var settled = new LinkedHashMap<String, Ranges>();
    var sent = new LinkedHashMap<String, Set<Long>>();
    long first = Math.min(segments.isEmpty() ? next : segments.firstKey(), leftFrom);
    destinations.values().removeIf(destination -> !remembered(destination));
    for (var destination : destinations.values()) {
      destination.settled.fillBelow(first);
      settled.put(destination.name, destination.settled);
      destination.sent.removeIf(destination.settled::contains);
      sent.put(destination.name, destination.sent);
    }
    unmarked = false;
    var copy = Marks.decode(new Marks(next, settled, sent, newest()).encoded());
    return new Picture(
        copy,
        segments.values().stream()
            .filter(segment -> segment.finished && segment.settled())
            .toList());
  }

  private Marks.@Nullable Newest newest() {
    if (segments.isEmpty()) {
      return null;
    }
    var segment = segments.lastEntry().getValue();
    if (segment.committed < segment.last) {
      return null; // a crash tore some of it, or may still take it back
    }
    return new Marks.Newest(
        segment.header.first(),
        segment.header.salt(),
        segment.last,
        segment.shares.stream().map(share -> share.stored).toList());
  }

  synchronized boolean unmarked() {
    return unmarked;
  }

  synchronized void notMarked() {
    unmarked = true;
  }

  synchronized boolean anySettled() {
    return segments.values().stream().anyMatch(s -> s.finished && s.settled());
  }

  synchronized void remove(Segment segment) {
    segment.dropped = true;
    segments.remove(segment.header.first());
  }
}
