package io.sluice.it.durability;

import static io.sluice.it.durability.Row.Figure.FIRED;
import static io.sluice.it.durability.Row.Figure.LOST;
import static io.sluice.it.durability.Row.Figure.RUNS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Runs experiments and keeps what came of each, so that a run that was broken off goes on where it was:
///
/// ```
/// Driver RESULTS [--nightly] [--again] [--peer collector] [--seed N] [--table] [E1 ...]
/// ```
///
/// Without names: all. `--peer collector` runs the real Collector instead of ours, in both settings.
/// What is there already is not done again but with `--again`. `--table` only prints.
final class Driver {
  private final Path results;
  private final List<String> names = new ArrayList<>();
  private List<Subject> subjects = List.of(Subject.SLUICE);
  private boolean nightly;
  private boolean again;
  private boolean onlyTable;
  private long seed = 1;

  private Driver(Path results) {
    this.results = results;
  }

  public static void main(String[] arguments) throws IOException {
    var driver = new Driver(Path.of(arguments[0]));
    driver.read(List.of(arguments).subList(1, arguments.length));
    System.exit(driver.run());
  }

  private void read(List<String> arguments) {
    var words = arguments.iterator();
    while (words.hasNext()) {
      var word = words.next();
      switch (word) {
        case "--nightly" -> nightly = true;
        case "--again" -> again = true;
        case "--table" -> onlyTable = true;
        case "--peer" -> subjects = peers(words.next());
        case "--seed" -> seed = Long.parseLong(words.next());
        default -> names.add(word.toUpperCase(Locale.ROOT));
      }
    }
    for (var name : names) {
      if (Experiment.CATALOGUE.stream().noneMatch(each -> each.name().equals(name))) {
        throw new IllegalArgumentException(
            "%s (expected: %s)"
                .formatted(name, Experiment.CATALOGUE.stream().map(Experiment::name).toList()));
      }
    }
  }

  private static List<Subject> peers(String name) {
    if (!name.equals("collector")) {
      throw new IllegalArgumentException("--peer " + name + " (expected: collector)");
    }
    return List.of(Subject.COLLECTOR_DEFAULTS, Subject.COLLECTOR_BEST);
  }

  private int run() throws IOException {
    Files.createDirectories(results);
    boolean good = true;
    for (var experiment : Experiment.CATALOGUE) {
      if (!onlyTable && (names.isEmpty() || names.contains(experiment.name()))) {
        for (var subject : subjects) {
          good &= run(experiment, subject);
        }
      }
    }
    System.out.println(table());
    return good ? 0 : 1;
  }

  private boolean run(Experiment experiment, Subject subject) throws IOException {
    var file = results.resolve(experiment.name() + "-" + subject + ".tsv");
    if (!experiment.subjects().contains(subject) || (Files.exists(file) && !again)) {
      return true;
    }
    System.err.printf(
        "%s (%s), %s, seed %d ...%n", experiment.name(), experiment.what(), subject.title, seed);
    long start = System.nanoTime();
    try {
      var row =
          experiment.body().run(subject, seed, nightly ? experiment.nightly() : experiment.runs());
      Files.writeString(file, row.line() + "\n");
      System.err.printf("%s  %.0f s%n", row.markdown(), (System.nanoTime() - start) / 1e9);
      return !subject.ours() || (asExpected(row) && row.count(FIRED) == row.count(RUNS));
    } catch (RuntimeException | AssertionError e) {
      System.err.println(experiment.name() + " did not come to its end: " + e.getMessage());
      return !subject.ours();
    }
  }

  /// A control without syncs has to find what the experiment says is not there.
  private static boolean asExpected(Row row) {
    return row.experiment().endsWith("-CONTROL")
        ? row.count(LOST) > 0 || row.note().matches("(\\d+) of \\1 .*")
        : row.good();
  }

  private String table() throws IOException {
    var rows = new ArrayList<Row>();
    try (var files = Files.list(results)) {
      for (var file : files.toList()) {
        rows.add(Row.parse(Files.readString(file).strip()));
      }
    }
    rows.sort(Experiment.IN_ORDER);
    var lines = new ArrayList<String>();
    lines.add("| " + String.join(" | ", Row.columns()) + " |");
    lines.add("|" + "---|".repeat(Row.columns().size()));
    rows.forEach(row -> lines.add(row.markdown(Experiment.title(row.experiment()))));
    return String.join("\n", lines);
  }
}
