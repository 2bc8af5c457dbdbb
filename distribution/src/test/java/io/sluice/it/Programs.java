package io.sluice.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs programs that end by themselves.
public final class Programs {
  public static final Charset UTF_8 = StandardCharsets.UTF_8;

  /// After which a program that should end counts as hanging.
  private static final Duration END_MAX = Duration.ofSeconds(90);

  private Programs() {}

  /// @param output of both streams
  public record Ended(int status, String output) {}

  public static Ended run(String... command) {
    return run(Map.of(), Arrays.asList(command));
  }

  public static Ended run(Map<String, String> environment, List<String> command) {
    try {
      var output = Files.createTempFile("sluice-it", ".out");
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.redirectOutput(output.toFile()).environment().putAll(environment);
      var process = builder.start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(END_MAX.toSeconds(), TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      var text = Files.readString(output);
      Files.delete(output);
      if (!ended) {
        throw new AssertionError(command + " does not end; it said:\n" + text);
      }
      return new Ended(process.exitValue(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// As [#run], for one that must succeed.
  public static String done(Map<String, String> environment, List<String> command) {
    var ended = run(environment, command);
    if (ended.status() != 0) {
      throw new AssertionError(command + " ended with " + ended.status() + ":\n" + ended.output());
    }
    return ended.output();
  }

  public static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
