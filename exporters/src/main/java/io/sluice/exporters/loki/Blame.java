package io.sluice.exporters.loki;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /// By Loki itself, to streams that have none.
  private static final Pattern ADDED =
      Pattern.compile(
          ", service_name=\"(?:[^\"\\\\]|\\\\.)*\"|service_name=\"(?:[^\"\\\\]|\\\\.)*\", ");

  private static final Pattern TIME = Pattern.compile("timestamp too (?:old|new): ([-+:0-9TZ]+)");
  private static final Pattern LENGTH = Pattern.compile("an entry with length '(\\d{1,9})' bytes");

  /// Of all entries of a stream, said once.
  private static final Pattern WHOLE_STREAM =
      Pattern.compile(
          "(?i) label names; limit | has label (?:name|value) too long: | has duplicate label name: "
              + "|^Error parsing labels |^missing required labels ");

  private static final Pattern IGNORED =
      Pattern.compile(
          "entry with timestamp (\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?)"
              + " \\+0000 UTC ignored, reason: '.*?',\\n",
          Pattern.DOTALL);

  private static final long NANOS = 1_000_000_000;

  private final Window window;
  private final int[] piece;
  private final Map<String, Integer> streams = new HashMap<>();
  private final Map<String, BitSet> culprits = new LinkedHashMap<>();
  private final BitSet suspects = new BitSet();
  private boolean complete;

  /// @param piece the entries of the request
  private Blame(Window window, int[] piece) {
    this.window = window;
    this.piece = piece;
    for (int entry : piece) {
      int stream = window.stream(entry);
      streams.computeIfAbsent(window.labels(stream).utf8(), _ -> stream);
    }
  }

  static Blame of(Verdict.Blamed blamed, Window window, int[] piece) {
    var blame = new Blame(window, piece);
    blame.read(blamed);
    return blame;
  }

  private void read(Verdict.Blamed blamed) {
    if (Verdict.STREAM_LIMIT.matcher(blamed.words()).find()) {
      var stream = stream(blamed.words());
      if (stream != null) {
        blame(blamed.words(), entry -> window.stream(entry) == stream);
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
      if (stream != null) {
        long time = nanos(Instant.parse(ignored.group(1) + "T" + ignored.group(2) + "Z"));
        blame(
            ignored.group().strip(),
            entry -> window.stream(entry) == stream && window.timeNs(entry) == time);
      }
    }
    return end > 0;
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
    long found = Arrays.stream(piece).filter(about).count();
    int said = counted.group(1) == null ? 1 : Integer.parseInt(counted.group(1));
    if (found == said || WHOLE_STREAM.matcher(words).find()) {
      blame(words, about);
    } else {
      Arrays.stream(piece).filter(about).forEach(suspects::set);
    }
    return found > 0;
  }

  private IntPredicate about(String words, int stream) {
    var time = TIME.matcher(words);
    if (time.find()) {
      long second = second(time.group(1));
      return entry ->
          window.stream(entry) == stream && Math.floorDiv(window.timeNs(entry), NANOS) == second;
    }
    var length = LENGTH.matcher(words);
    if (length.find()) {
      int bytes = Integer.parseInt(length.group(1));
      return entry -> window.stream(entry) == stream && window.line(entry) == bytes;
    }
    return entry -> window.stream(entry) == stream;
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
    var known = streams.get(labels.group());
    return known == null ? streams.get(ADDED.matcher(labels.group()).replaceFirst("")) : known;
  }

  private void blame(String words, IntPredicate about) {
    var entries = culprits.computeIfAbsent(words, _ -> new BitSet());
    Arrays.stream(piece).filter(about).forEach(entries::set);
  }

  /// Entries at fault, by Loki's words. An entry may be in more than one.
  Map<String, BitSet> culprits() {
    return culprits;
  }

  /// Entries of which some are at fault.
  BitSet suspects() {
    return suspects;
  }

  /// Whether all others were taken.
  boolean complete() {
    return complete;
  }
}
