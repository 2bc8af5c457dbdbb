package io.sluice.exporters.loki;

import io.sluice.wire.Bytes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which entries of a request Loki's words are about. It says them in two ways:
///
///  - before it hands anything on, it checks all entries and lists what it found, equal words once:
///    `2 errors like: entry for stream '{a="b"}' has timestamp too old: ...; 1 errors like: ...`. What is not
///    in the list was taken;
///  - afterwards a stream may refuse entries: `entry with timestamp ... ignored, reason: '...'`, or not be
///    opened at all. Then only one stream is named, and nothing is known of the others.
///
/// Entries are only called culprits if there are as many as the words say.
final class Blame {
  private static final Pattern NEXT = Pattern.compile("; (?=\\d+ errors like: )");
  private static final Pattern COUNTED =
      Pattern.compile("(?:(\\d{1,9}) errors like: )?(.*)", Pattern.DOTALL);
  private static final Pattern STREAM = Pattern.compile("\\{.*}", Pattern.DOTALL);

  /// By Loki itself: to streams that have none, and to large streams, which it divides.
  private static final Pattern SERVICE = label("service_name");

  private static final Pattern SHARD = label("__stream_shard__");

  private static final Pattern TIME = Pattern.compile("timestamp too (?:old|new): ([-+:0-9TZ]+)");
  private static final Pattern OLDEST =
      Pattern.compile("oldest acceptable timestamp is: ([-+:0-9TZ]+)");
  private static final Pattern LENGTH = Pattern.compile("an entry with length '(\\d{1,9})' bytes");

  /// Of all entries of a stream, said once.
  private static final Pattern WHOLE_STREAM =
      Pattern.compile(
          "(?i) label names; limit | has label (?:name|value) too long: | has duplicate label name: "
              + "|^Error parsing labels |^missing required labels ");

  private static final Pattern IGNORED =
      Pattern.compile(
          "entry with timestamp (\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?)"
              + " \\+0000 UTC ignored, reason: '(.*?)',\\n",
          Pattern.DOTALL);

  private static final Pattern RATE_LIMIT = Pattern.compile("(?i)rate limit");

  private static final long NANOS = 1_000_000_000;

  private final Entries entries;
  private final int[] piece;
  private final Map<String, Integer> streams = new HashMap<>();
  private final Map<Integer, BitSet> byStream = new HashMap<>();

  /// Made when first asked for.
  private final Map<Key, BitSet> bySecond = new HashMap<>();

  private final Map<Key, BitSet> byLength = new HashMap<>();
  private final Map<String, BitSet> culprits = new LinkedHashMap<>();
  private final Map<Integer, Suspects> suspects = new LinkedHashMap<>();
  private boolean throttled;
  private boolean complete;

  /// What is known of the entries of a request, by number.
  interface Entries {
    int stream(int entry);

    long timeNs(int entry);

    /// Bytes of it.
    int line(int entry);

    /// Of a stream, as Loki writes them.
    Bytes labels(int stream);
  }

  /// Entries of a stream, by what Loki says of each.
  private record Key(int stream, long what) {}

  /// @param said so many of them are at fault
  record Suspects(BitSet entries, int said) {
    Suspects with(Suspects other) {
      entries.or(other.entries);
      return new Suspects(entries, (int) Math.min(said + (long) other.said, Integer.MAX_VALUE));
    }
  }

  /// @param piece the entries of the request
  private Blame(Entries entries, int[] piece) {
    this.entries = entries;
    this.piece = piece;
    for (int entry : piece) {
      byStream.computeIfAbsent(entries.stream(entry), _ -> new BitSet()).set(entry);
    }
    byStream.keySet().forEach(stream -> streams.put(entries.labels(stream).utf8(), stream));
  }

  private static Pattern label(String name) {
    var label = name + "=\"(?:[^\"\\\\]|\\\\.)*\"";
    return Pattern.compile(", " + label + "|" + label + ", ");
  }

  static Blame of(Verdict.Blamed blamed, Entries entries, int[] piece) {
    var blame = new Blame(entries, piece);
    blame.read(blamed);
    return blame;
  }

  private void read(Verdict.Blamed blamed) {
    if (Verdict.STREAM_LIMIT.matcher(blamed.words()).find()) {
      var stream = stream(blamed.words());
      if (stream != null) {
        blame(blamed.words(), ofStream(stream));
      }
    } else if (!readIgnored(blamed.words())) {
      complete = readList(blamed);
    }
  }

  private boolean readIgnored(String words) {
    var ignored = IGNORED.matcher(words);
    int end = 0;
    for (; ignored.find(); end = ignored.end()) {
      var stream = stream(words.substring(words.lastIndexOf(" for stream: ") + 1));
      if (RATE_LIMIT.matcher(ignored.group(3)).find()) {
        throttled = true;
      } else if (stream != null) {
        var time = Instant.parse(ignored.group(1) + "T" + ignored.group(2) + "Z");
        blame(ignored.group().strip(), ignored(stream, nanos(time), ignored.group(3)));
      }
    }
    return end > 0;
  }

  /// Loki names only some, so what is older than the oldest it takes is meant too.
  private BitSet ignored(int stream, long timeNs, String reason) {
    var oldest = OLDEST.matcher(reason);
    long second = oldest.find() ? second(oldest.group(1)) : Long.MIN_VALUE;
    var found = new BitSet();
    ofStream(stream).stream()
        .filter(entry -> entries.timeNs(entry) == timeNs || second(entry) < second)
        .forEach(found::set);
    return found;
  }

  private static long nanos(Instant instant) {
    return instant.getEpochSecond() * NANOS + instant.getNano();
  }

  /// @return whether all of the list was understood
  private boolean readList(Verdict.Blamed blamed) {
    var all = NEXT.split(blamed.words());
    int count = blamed.whole() ? all.length : all.length - 1;
    boolean understood = blamed.whole();
    for (int i = 0; i < count; i++) {
      var counted = COUNTED.matcher(all[i]);
      understood &= counted.matches() && readOne(counted);
    }
    return understood;
  }

  private boolean readOne(Matcher counted) {
    var words = counted.group(2);
    var stream = stream(words);
    if (stream == null) {
      return false;
    }
    var about = about(words, stream);
    int found = about.cardinality();
    int said = counted.group(1) == null ? 1 : Integer.parseInt(counted.group(1));
    boolean whole = WHOLE_STREAM.matcher(words).find();
    if (found == said || whole) {
      blame(words, about);
    } else if (found > said) {
      suspects.merge(stream, new Suspects((BitSet) about.clone(), said), Suspects::with);
    }
    return found >= said || whole;
  }

  /// Not to be changed.
  private BitSet about(String words, int stream) {
    var time = TIME.matcher(words);
    if (time.find()) {
      return in(bySecond, stream, second(time.group(1)), this::second);
    }
    var length = LENGTH.matcher(words);
    return length.find()
        ? in(byLength, stream, Integer.parseInt(length.group(1)), entries::line)
        : ofStream(stream);
  }

  private BitSet ofStream(int stream) {
    return byStream.getOrDefault(stream, new BitSet());
  }

  private BitSet in(Map<Key, BitSet> index, int stream, long what, IntToLongFunction of) {
    if (index.isEmpty()) {
      for (int entry : piece) {
        var key = new Key(entries.stream(entry), of.applyAsLong(entry));
        index.computeIfAbsent(key, _ -> new BitSet()).set(entry);
      }
    }
    return index.getOrDefault(new Key(stream, what), new BitSet());
  }

  private long second(int entry) {
    return Math.floorDiv(entries.timeNs(entry), NANOS);
  }

  private static long second(String time) {
    try {
      return OffsetDateTime.parse(time).toEpochSecond();
    } catch (DateTimeException _) {
      return Long.MIN_VALUE;
    }
  }

  private @Nullable Integer stream(String words) {
    var labels = STREAM.matcher(words);
    if (!labels.find()) {
      return null;
    }
    var text = labels.group();
    var unsharded = SHARD.matcher(text).replaceFirst("");
    return Stream.of(text, unsharded, SERVICE.matcher(unsharded).replaceFirst(""))
        .map(streams::get)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private void blame(String words, BitSet about) {
    culprits.computeIfAbsent(words, _ -> new BitSet()).or(about);
  }

  /// Entries at fault, by Loki's words. An entry may be in more than one.
  Map<String, BitSet> culprits() {
    return culprits;
  }

  /// Entries of which some are at fault, by stream.
  Collection<Suspects> suspects() {
    return suspects.values();
  }

  /// Whether entries were left out only since they were too much at a time.
  boolean throttled() {
    return throttled;
  }

  /// Whether all others were taken.
  boolean complete() {
    return complete;
  }
}
