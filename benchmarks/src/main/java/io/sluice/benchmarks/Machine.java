package io.sluice.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a run ran on, so that its figures can be judged.
final class Machine {
  private Machine() {}

  static List<String> described(Lab lab) throws IOException, InterruptedException {
    var lines = new ArrayList<String>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%d x %s, %s %s, load average %s",
            Runtime.getRuntime().availableProcessors(),
            processor(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0]));
    lines.add("Sluice: " + said(lab.sluice(), "--version") + "; Java " + Runtime.version());
    lines.add("Sluice's AOT cache: " + (aotCache(lab) ? "used" : "none"));
    lines.add("Collector: " + said(lab.collector(), "--version"));
    lines.add(
        String.format(
            Locale.ROOT,
            "%d rounds of %d ms in turn, after %d ms of warm-up each; min / median / max of the rounds",
            lab.rounds(),
            lab.roundMillis(),
            lab.warmUpMillis()));
    lines.add(
        "compression level: Sluice gzip 1 and zstd 1, the Collector its defaults (gzip 6, zstd 3)");
    return lines;
  }

  private static String processor() throws IOException {
    return Files.readString(Path.of("/proc/cpuinfo"))
        .lines()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown processor");
  }

  private static boolean aotCache(Lab lab) {
    return Files.exists(lab.sluice().resolveSibling("../lib/sluice.aot").normalize());
  }

  private static String said(Path program, String argument)
      throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(program.toString(), argument).redirectErrorStream(true).start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    process.waitFor();
    return text.lines().findFirst().orElse("");
  }
}
