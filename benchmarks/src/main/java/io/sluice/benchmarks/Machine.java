package io.sluice.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a run ran on, so that its figures can be judged.
final class Machine {
  private static final String PRINT_FLAGS = "-XX:+PrintCommandLineFlags";
  private static final Pattern FLAGS =
      Pattern.compile("HeapSize|NewSize|DirectMemory|Use\\w+GC|AOTClassLinking");

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
    lines.add("Sluice's JVM: " + flags(lab));
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

  /// As the JVM itself prints them: sizes and collector, and whether the AOT cache is in use.
  private static String flags(Lab lab) throws IOException, InterruptedException {
    var printed = said(lab.sluice(), "version", Map.of("SLUICE_JVM_OPTS", PRINT_FLAGS));
    return Arrays.stream(printed.split(" ", -1))
        .filter(flag -> FLAGS.matcher(flag).find())
        .collect(Collectors.joining(" "));
  }

  private static String said(Path program, String argument)
      throws IOException, InterruptedException {
    return said(program, argument, Map.of());
  }

  private static String said(Path program, String argument, Map<String, String> environment)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(program.toString(), argument).redirectErrorStream(true);
    builder.environment().putAll(environment);
    var process = builder.start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    process.waitFor();
    return text.lines().findFirst().orElse("");
  }
}
