package io.sluice.it.durability;

import io.sluice.it.Eventually;
import io.sluice.it.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// One life of a gateway, from its start to its end.
final class Life {
  private static final String READY = "Everything is ready.";
  private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final int SIGKILLED = 137;

  private final Process process;
  private final Path log;
  private final long startNanos = System.nanoTime();
  private final AtomicLong rssKib = new AtomicLong();
  private double readySeconds = -1;

  private Life(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /// Returns at once.
  ///
  /// @param wrapper a program, and its arguments, that becomes the one that it is given
  static Life begin(
      Path log, List<String> wrapper, Map<String, String> environment, List<String> command) {
    var all = new ArrayList<>(List.of("env", "--default-signal=HUP"));
    all.addAll(wrapper);
    all.addAll(command);
    var builder = new ProcessBuilder(all).redirectErrorStream(true);
    builder.redirectOutput(log.toFile()).environment().putAll(environment);
    try {
      var process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      var life = new Life(process, log);
      Thread.ofPlatform().daemon().start(life::watch);
      return life;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void watch() {
    while (process.isAlive()) {
      var status = RSS.matcher(procStatus());
      if (status.find()) {
        rssKib.accumulateAndGet(Long.parseLong(status.group(1)), Math::max);
      }
      Eventually.pause();
      Eventually.pause();
    }
  }

  private String procStatus() {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/status"));
    } catch (IOException _) {
      return ""; // it has ended
    }
  }

  /// Whether it lives until all of it runs.
  boolean ready() {
    Eventually.happens(
        () -> log().contains(READY) || !process.isAlive(), () -> "not ready:\n" + log());
    if (readySeconds < 0 && process.isAlive()) {
      readySeconds = (System.nanoTime() - startNanos) / 1e9;
    }
    return process.isAlive();
  }

  double readySeconds() {
    return readySeconds;
  }

  long rssMib() {
    return rssKib.get() >> 10;
  }

  long pid() {
    return process.pid();
  }

  String log() {
    return Programs.read(log);
  }

  boolean alive() {
    return process.isAlive();
  }

  void signal(String name) {
    Programs.done(Map.of(), List.of("kill", "-" + name, String.valueOf(process.pid())));
  }

  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /// SIGTERM, and its end.
  ///
  /// @return the exit status
  int stop() {
    process.destroy();
    return awaitEnd();
  }

  int awaitEnd() {
    return awaitEnd(Eventually.DEADLINE.toSeconds());
  }

  int awaitEnd(long seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("does not end:\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Whether SIGKILL ended it.
  boolean wasKilled() {
    return !process.isAlive() && process.exitValue() == SIGKILLED;
  }
}
