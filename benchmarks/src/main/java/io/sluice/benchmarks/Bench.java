package io.sluice.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Runs figures and writes down what came out.
final class Bench {
  private Bench() {}

  /// Arguments: the launcher of Sluice, the Collector, where to write, then figures, and `--quick`.
  static void main(String[] words) throws IOException, InterruptedException {
    var arguments = Arrays.stream(words).filter(word -> !word.startsWith("--")).toList();
    var unknown =
        Arrays.stream(words).filter(w -> w.startsWith("--") && !w.equals("--quick")).toList();
    if (arguments.size() < 3 || !unknown.isEmpty()) {
      System.err.println(
          "bench: " + (unknown.isEmpty() ? "too few arguments" : "unknown " + unknown));
      usage();
    }
    boolean quick = Arrays.asList(words).contains("--quick");
    var folder = Files.createDirectories(Path.of(arguments.get(2)));
    var lab =
        Lab.of(Path.of(arguments.get(0)), Path.of(arguments.get(1)), folder, System.out, quick);
    run(lab, chosen(arguments.subList(3, arguments.size()), quick));
  }

  private static void usage() {
    System.err.println("usage: ./sluice bench [--quick] [NAME...], names:");
    Figures.ALL.forEach(figure -> System.err.println("  " + figure.name()));
    System.exit(2);
  }

  private static List<Figure> chosen(List<String> names, boolean quick) {
    var unknown =
        names.stream()
            .filter(name -> Figures.ALL.stream().noneMatch(figure -> figure.name().equals(name)))
            .toList();
    if (!unknown.isEmpty()) {
      System.err.println("bench: no figure is called " + String.join(", ", unknown));
      usage();
    }
    return Figures.ALL.stream()
        .filter(
            figure -> names.isEmpty() ? figure.quick() || !quick : names.contains(figure.name()))
        .toList();
  }

  private static void run(Lab lab, List<Figure> figures) throws IOException, InterruptedException {
    var machine = Machine.described(lab);
    machine.forEach(lab.out()::println);
    var results = new ArrayList<Result>();
    for (var figure : figures) {
      for (var result : figure.measure(lab)) {
        Report.print(result, lab.out());
        results.add(result);
      }
    }
    Files.writeString(lab.folder().resolve("results.json"), Report.json(machine, results));
    Files.writeString(lab.folder().resolve("results.md"), Report.table(results));
    Files.writeString(lab.folder().resolve("results.svg"), Chart.svg(results));
    lab.out().printf("%n%s%nwritten to %s%n", Report.table(results), lab.folder());
  }
}
