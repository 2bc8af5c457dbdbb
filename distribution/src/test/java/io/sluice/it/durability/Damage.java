package io.sluice.it.durability;

import io.sluice.it.durability.Subject.Setting;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Files that are not as they were written.
final class Damage {
  private static final int LANES = 25;
  private static final int REQUESTS = 60;
  private static final int BITS = 8;
  private static final int BLOCK_BYTES = 4096;
  private static final int FOOTER_BYTES = 8192;
  private static final Duration QUIET = Duration.ofSeconds(3);
  private static final Pattern ITEM = Pattern.compile("@r(\\d{1,17})@");

  private Damage() {}

  /// What is done to one file.
  private interface Change {
    void to(RandomAccessFile file, long length) throws IOException;
  }

  /// E12: one bit of any file of a queue that was closed well. Each lane is a queue of its own, so that
  /// one life of ours shows what comes of many.
  static Row bits(Subject subject, long seed, int runs) {
    return many(
        "E12",
        subject,
        seed,
        runs,
        (random, lane) ->
            (file, length) -> {
              long at = random.nextLong(Math.max(1, length));
              file.seek(at);
              int was = file.read();
              file.seek(at);
              file.write(was ^ 1 << random.nextInt(BITS));
            });
  }

  /// E12-BLOCKS: a block of zeros, or of anything.
  static Row blocks(Subject subject, long seed, int runs) {
    return many(
        "E12-BLOCKS",
        subject,
        seed,
        runs,
        (random, lane) ->
            (file, length) -> {
              var block = new byte[BLOCK_BYTES];
              if (lane % 2 == 0) {
                random.nextBytes(block);
              }
              long at = random.nextLong(Math.max(1, length / BLOCK_BYTES)) * BLOCK_BYTES;
              file.seek(at);
              file.write(block, 0, (int) Math.min(BLOCK_BYTES, length - at));
            });
  }

  /// E13: a file that ends too early.
  static Row lengths(Subject subject, long seed, int runs) {
    return many(
        "E13",
        subject,
        seed,
        runs,
        (random, lane) -> (file, length) -> file.setLength(random.nextLong(Math.max(1, length))));
  }

  private interface Plan {
    Change change(SplittableRandom random, int lane);
  }

  private static Row many(String name, Subject subject, long seed, int runs, Plan plan) {
    int lanes = subject.ours() ? Math.min(LANES, runs) : 1;
    var sum = once(name, subject, seed, lanes, plan);
    for (int done = lanes; done < runs; done += lanes) {
      sum = sum.plus(once(name, subject, seed + done, lanes, plan));
    }
    return sum;
  }

  private static Row once(String name, Subject subject, long seed, int lanes, Plan plan) {
    var setting = Setting.USUAL.lanes(lanes).bytesMax(subject.ours() ? 8 << 20 : 64 << 20);
    try (var bench = new Bench(subject, seed, setting)) {
      bench.plays(Sink.DOWN);
      bench.start();
      bench.send(REQUESTS);
      bench.stop();
      var places = new ArrayList<Place>();
      for (int lane = 0; lane < lanes; lane++) {
        places.add(damage(bench, lane, plan.change(bench.random, lane)));
      }
      bench.plays(Sink.UP);
      var life = bench.begin(List.of());
      if (!life.ready()) {
        return judged(bench, name, lanes, places).note("!does not start");
      }
      bench.settle(_ -> false, QUIET); // what is lost is waited for in vain
      bench.stop();
      return judged(bench, name, lanes, places);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Damage may cost what it is in, and a flipped bit no more than one request; what it costs is counted.
  /// What is missing otherwise is lost.
  private static Row judged(Bench bench, String name, int lanes, List<Place> places) {
    var row = bench.row(name, lanes, lanes);
    var wrong = new ArrayList<String>();
    long lost = 0;
    int cost = 0;
    int counted = 0;
    for (int lane = 0; lane < lanes; lane++) {
      var place = places.get(lane);
      var items = bench.lost(lane);
      var requests = items.stream().map(Requests::request).collect(Collectors.toSet());
      boolean set = bench.quarantined(lane) > 0;
      boolean allowed =
          requests.isEmpty()
              || (place.risked().containsAll(requests)
                  && (place.tail() || (set && (place.wide() || requests.size() == 1))));
      if (!allowed) {
        lost += items.size();
        wrong.add(
            "%s cost %d%s".formatted(place.words(), requests.size(), set ? "" : ", uncounted"));
      }
      cost += requests.isEmpty() ? 0 : 1;
      counted += !requests.isEmpty() && set ? 1 : 0;
    }
    var words = "%d places cost what was in them, %d of them said so".formatted(cost, counted);
    if (!bench.subject.ours()) {
      return row.with(Row.Figure.LOST, lost);
    }
    return row.with(Row.Figure.LOST, lost).note(wrong.isEmpty() ? words : words + "; !" + wrong);
  }

  /// @param tail the file is cut there, or its footer is hit too: then nothing is left that says what was
  ///     there, and what it costs looks like the end of a write that a crash tore
  /// @param wide more than one byte is not as it was
  /// @param risked requests that may be gone with it
  private record Place(String words, boolean tail, boolean wide, Set<Long> risked) {}

  private static Place damage(Bench bench, int lane, Change change) throws IOException {
    var file = file(bench, bench.data.resolve("l" + lane));
    var before = Files.readString(file, StandardCharsets.ISO_8859_1);
    try (var open = new RandomAccessFile(file.toFile(), "rw")) {
      change.to(open, before.length());
    }
    var after = Files.readString(file, StandardCharsets.ISO_8859_1);
    int from = 0;
    while (from < after.length() && after.charAt(from) == before.charAt(from)) {
      from++;
    }
    int to = before.length();
    while (after.length() == before.length()
        && to > from
        && after.charAt(to - 1) == before.charAt(to - 1)) {
      to--;
    }
    boolean tail = after.length() < before.length() || to > before.length() - FOOTER_BYTES;
    var words = "%s of %d, %d to %d".formatted(file.getFileName(), before.length(), from, to);
    return new Place(words, tail, to - from > 1, risked(before, from, to));
  }

  /// Those with a name in it.
  static Set<Long> requests(String file) {
    return ITEM.matcher(file)
        .results()
        .map(name -> Requests.request(Long.parseLong(name.group(1))))
        .collect(Collectors.toSet());
  }

  /// Requests with a name between these places, the last before, whose end may be there, and the first
  /// behind, whose beginning may.
  private static Set<Long> risked(String file, int from, int to) {
    var risked = new HashSet<Long>();
    long last = -1;
    var names = ITEM.matcher(file);
    while (names.find()) {
      long request = Requests.request(Long.parseLong(names.group(1)));
      if (names.start() >= to) {
        risked.add(request);
        break;
      }
      if (names.start() >= from) {
        risked.add(request);
      }
      last = names.start() < from ? request : last;
    }
    risked.add(last);
    return risked;
  }

  /// Any file that is not empty; most of the time one with data.
  private static Path file(Bench bench, Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      var all =
          files
              .filter(Files::isRegularFile)
              .filter(file -> file.toFile().length() > 0)
              .sorted()
              .toList();
      var segments = all.stream().filter(file -> file.toString().endsWith(".seg")).toList();
      var from = segments.isEmpty() || bench.random.nextInt(8) == 0 ? all : segments;
      return from.get(bench.random.nextInt(from.size()));
    }
  }
}
