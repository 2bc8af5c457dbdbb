package io.sluice.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A program that runs until it is told to stop; its log is a file.
final class Server implements Program {
  private final List<String> command;
  private final Process process;
  private final Path log;

  private Server(List<String> command, Process process, Path log) {
    this.command = command;
    this.process = process;
    this.log = log;
  }

  /// Returns at once. The program dies with this JVM.
  static Server start(Path log, Map<String, String> environment, List<String> command) {
    var builder = new ProcessBuilder(listeningToSighup(command)).redirectErrorStream(true);
    builder.redirectOutput(log.toFile()).environment().putAll(environment);
    try {
      var process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new Server(command, process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String log() {
    return Programs.read(log);
  }

  long pid() {
    return process.pid();
  }

  @Override
  public boolean alive() {
    return process.isAlive();
  }

  /// Waits until the log has the words for the `times`-th time; fails at once if the program ends before.
  void awaitLog(String words, int times) {
    Eventually.happens(
        () -> {
          boolean said = log().split(Pattern.quote(words), -1).length > times;
          if (!said && !process.isAlive()) {
            throw new AssertionError(command + " ended, saying:\n" + log());
          }
          return said;
        },
        () -> "no '" + words + "' in the log of " + command + ":\n" + log());
  }

  void hangUp() {
    Programs.done(Map.of(), List.of("kill", "-HUP", String.valueOf(pid())));
  }

  /// For a program whose own end takes long and proves nothing.
  @Override
  public void kill() {
    process.destroyForcibly();
  }

  /// As SIGTERM does.
  ///
  /// @return the exit status
  int stop() {
    process.destroy();
    try {
      if (!process.waitFor(Eventually.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " does not stop:\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Tests that run under `nohup` hand on to their children that SIGHUP is ignored; a gateway then would
  /// not hear of a reload.
  private static List<String> listeningToSighup(List<String> command) {
    var all = new ArrayList<>(List.of("env", "--default-signal=HUP"));
    all.addAll(command);
    return all;
  }
}
