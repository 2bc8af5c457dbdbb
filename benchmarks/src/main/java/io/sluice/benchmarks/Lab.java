package io.sluice.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// Where figures are measured: the two programs, a folder for their files, and how long to look.
///
/// @param warmUpMillis for each contender, before the rounds
record Lab(
    Path sluice,
    Path collector,
    Path folder,
    PrintStream out,
    boolean quick,
    int rounds,
    long roundMillis,
    long warmUpMillis) {
  static Lab of(Path sluice, Path collector, Path folder, PrintStream out, boolean quick) {
    return quick
        ? new Lab(sluice, collector, folder, out, true, 3, 1_000, 4_000)
        : new Lab(sluice, collector, folder, out, false, 5, 3_000, 20_000);
  }

  /// The program, where it is given.
  Optional<Path> prometheus() {
    return Optional.ofNullable(System.getProperty("bench.prometheus")).map(Path::of);
  }

  /// Whether nginx can be had.
  boolean nginx() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "nginx")));
  }

  /// A configuration that stands beside the classes.
  static String yaml(String name) throws IOException {
    try (var stream = Lab.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IOException(name + " is not in the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
