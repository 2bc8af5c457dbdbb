package io.sluice.it.durability;

import io.sluice.it.durability.Subject.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Files that are as they were written, but not where, or when: what comes of a restore gone wrong.
final class Mixups {
  /// Several segments of [Setting#USUAL], whose smallest are 256 KiB.
  private static final int REQUESTS = 400;

  private static final Duration QUIET = Duration.ofSeconds(3);

  private Mixups() {}

  private enum Kind {
    /// Two files have each other's name.
    SWAPPED,
    /// A second copy has the name of a segment that never was.
    DOUBLED,
    /// A file is as it was some time ago.
    OLDER
  }

  /// E12-FILES: whole files are mixed up while no process is alive.
  static Row files(Subject subject, long seed, int runs) {
    var sum = once(subject, seed, Kind.values()[0]);
    for (int i = 1; i < runs; i++) {
      sum = sum.plus(once(subject, seed + i, Kind.values()[i % Kind.values().length]));
    }
    return sum;
  }

  private static Row once(Subject subject, long seed, Kind kind) {
    try (var bench = new Bench(subject, seed, Setting.USUAL.bytesMax(4 << 20))) {
      var directory = bench.data.resolve("l0");
      bench.plays(Sink.DOWN);
      bench.start();
      bench.send(REQUESTS / 8);
      var older = Files.readAllBytes(segments(directory).getLast());
      var olderName = segments(directory).getLast();
      bench.send(REQUESTS);
      bench.stop();
      var risked = mix(directory, kind, older, olderName);
      bench.plays(Sink.UP);
      if (!bench.begin(List.of()).ready()) {
        return bench.row("E12-FILES", 1, 1).note("!does not start: " + kind);
      }
      bench.settle(_ -> false, QUIET); // what is lost is waited for in vain
      bench.probe();
      bench.settle(item -> risked.contains(Requests.request(item)), QUIET);
      bench.stop();
      return judged(bench, kind, risked);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @return requests that may be gone with it
  private static Set<Long> mix(Path directory, Kind kind, byte[] older, Path olderName)
      throws IOException {
    var segments = segments(directory);
    if (segments.size() < 3) {
      throw new AssertionError("too few segments: " + segments);
    }
    var one = segments.getFirst();
    var two = segments.get(1);
    var risked = new HashSet<Long>();
    switch (kind) {
      case SWAPPED -> {
        risked.addAll(Damage.requests(text(one)));
        risked.addAll(Damage.requests(text(two)));
        var aside = directory.resolve("aside");
        Files.move(one, aside);
        Files.move(two, one);
        Files.move(aside, two);
      }
      case DOUBLED -> {
        var name = one.getFileName().toString();
        var never = "0".repeat(name.length() - ".seg".length() - 1) + "2.seg";
        Files.copy(one, directory.resolve(never));
      }
      case OLDER -> {
        risked.addAll(Damage.requests(text(olderName)));
        Files.write(olderName, older);
        risked.removeAll(Damage.requests(text(olderName)));
      }
    }
    return risked;
  }

  /// What is set aside is not lost, if it is what the mistake is in.
  private static Row judged(Bench bench, Kind kind, Set<Long> risked) {
    var row = bench.row("E12-FILES", 1, 1);
    var gone = bench.lost(0);
    var requests = gone.stream().map(Requests::request).collect(Collectors.toSet());
    var words =
        "%s: %d requests gone".formatted(kind.name().toLowerCase(Locale.ROOT), requests.size());
    boolean told = requests.isEmpty() || kind == Kind.OLDER || bench.quarantined(0) > 0;
    return risked.containsAll(requests) && told
        ? row.with(Row.Figure.LOST, 0).note(words)
        : row.note("!" + words);
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  private static List<Path> segments(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".seg")).sorted().toList();
    }
  }
}
