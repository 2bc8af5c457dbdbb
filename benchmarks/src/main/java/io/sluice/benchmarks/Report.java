package io.sluice.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The results as text, as JSON and as a chart.
final class Report {
  private Report() {}

  static void print(Result result, PrintStream out) {
    out.printf("%n%s: %s%n", result.name(), result.title());
    out.printf(
        "  %-24s %26s %12s %8s %8s%n",
        result.unit(), "min   median      max", "items/s", "RSS MiB", "peak");
    for (var row : result.rows()) {
      out.printf(
          Locale.ROOT,
          "  %-24s %26s %12s %8s %8s%n",
          row.contender(),
          row.values(),
          row.itemsPerSecond() == 0 ? "" : String.format(Locale.ROOT, "%.0f", row.itemsPerSecond()),
          blankIfZero(row.rssMib()),
          blankIfZero(row.peakRssMib()));
    }
    out.printf("  ratio %s%s%n", ratio(result), asked(result));
    result.notes().forEach(note -> out.println("  " + note));
  }

  private static String asked(Result result) {
    return result
        .target()
        .map(target -> " (asked: " + target.text() + (target.reached() ? ")" : ", MISSED)"))
        .orElse("");
  }

  private static String ratio(Result result) {
    double ratio = result.ratio();
    return Double.isFinite(ratio) ? String.format(Locale.ROOT, "%.2f", ratio) : "";
  }

  private static String blankIfZero(long value) {
    return value == 0 ? "" : Long.toString(value);
  }

  /// One table of all, in Markdown.
  static String table(List<Result> results) {
    var out = new StringBuilder();
    out.append(
        "| | | unit | Sluice | Collector | ratio | asked |\n|---|---|---|---|---|---|---|\n");
    for (var result : results) {
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %s | %s | %s |%n",
              result.name(),
              result.title(),
              result.unit(),
              spread(result.rows().get(0).values()),
              spread(result.rows().get(1).values()),
              ratio(result),
              result
                  .target()
                  .map(target -> target.text() + (target.reached() ? "" : " (missed)"))
                  .orElse("")));
    }
    out.append('\n');
    for (var result : results) {
      for (var note : result.notes()) {
        out.append("- ").append(result.name()).append(": ").append(note).append('\n');
      }
      for (var row : result.rows()) {
        if (row.peakRssMib() > 0) {
          out.append(
              String.format(
                  Locale.ROOT,
                  "- %s: %s, %.0f items/s, RSS %d MiB, %d at its peak%n",
                  result.name(),
                  row.contender(),
                  row.itemsPerSecond(),
                  row.rssMib(),
                  row.peakRssMib()));
        }
      }
    }
    return out.toString();
  }

  private static String spread(Series series) {
    return series.values().size() == 1
        ? String.format(Locale.ROOT, "**%.4g**", series.median())
        : String.format(
            Locale.ROOT, "%.3g / **%.3g** / %.3g", series.min(), series.median(), series.max());
  }

  static String json(List<String> machine, List<Result> results) {
    return "{\"machine\":["
        + machine.stream().map(Report::quoted).collect(Collectors.joining(","))
        + "],\"figures\":["
        + results.stream().map(Report::json).collect(Collectors.joining(",\n"))
        + "]}\n";
  }

  private static String json(Result result) {
    var rows =
        result.rows().stream()
            .map(row ->
                String.format(
                    Locale.ROOT,
                    "{\"contender\":%s,\"values\":%s,\"itemsPerSecond\":%.0f,\"rssMib\":%d,\"peakRssMib\":%d}",
                    quoted(row.contender()),
                    row.values().values(),
                    row.itemsPerSecond(),
                    row.rssMib(),
                    row.peakRssMib()))
            .collect(Collectors.joining(","));
    return String.format(
        Locale.ROOT,
        "{\"name\":%s,\"title\":%s,\"unit\":%s,\"ratio\":%s,\"target\":%s,\"rows\":[%s],\"notes\":[%s]}",
        quoted(result.name()),
        quoted(result.title()),
        quoted(result.unit()),
        Double.isFinite(result.ratio()) ? Double.toString(result.ratio()) : "null",
        result
            .target()
            .map(t -> "{\"text\":" + quoted(t.text()) + ",\"reached\":" + t.reached() + "}")
            .orElse("null"),
        rows,
        result.notes().stream().map(Report::quoted).collect(Collectors.joining(",")));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
