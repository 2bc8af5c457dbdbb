package io.sluice.telemetry;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where log lines go. Safe on any thread; a line is written whole. Settings may change while it runs
/// (reload).
///
/// Lines are written by the thread that logs, since a crash must not eat the line that explains it;
/// sampling keeps that cheap.
public final class Logs implements Log, AutoCloseable {
  private static final StackWalker WALKER = StackWalker.getInstance();

  private final InstantSource clock;
  private final List<Consumer<Line>> listeners = new CopyOnWriteArrayList<>();
  private volatile Output output;

  public Logs(LogSettings settings, InstantSource clock) {
    this.clock = clock;
    output = Output.open(settings);
  }

  /// One that level and sampling let pass.
  public record Line(Instant time, Level level, String message, Map<String, Object> fields) {}

  private record Output(
      LogSettings settings, @Nullable LogSampler sampler, List<OutputStream> streams) {
    static Output open(LogSettings settings) {
      var streams = new ArrayList<OutputStream>();
      settings.outputs().forEach(name -> streams.add(stream(name)));
      return new Output(
          settings,
          settings.sampling().map(s -> new LogSampler(s, System::nanoTime)).orElse(null),
          streams);
    }

    private static OutputStream stream(String name) {
      try {
        return switch (name) {
          case "stdout" -> System.out;
          case "stderr" -> System.err;
          default ->
              Files.newOutputStream(
                  Path.of(name), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        };
      } catch (IOException e) {
        throw new UncheckedIOException("service::telemetry::logs::output_paths", e);
      }
    }

    void close() {
      for (var stream : streams) {
        if (!(stream instanceof PrintStream)) {
          try {
            stream.close();
          } catch (IOException _) {
            // nowhere to say it
          }
        }
      }
    }
  }

  public LogSettings settings() {
    return output.settings;
  }

  /// Goes on with other settings.
  ///
  /// @throws UncheckedIOException if an output cannot be opened; the old settings stay
  public void change(LogSettings settings) {
    var old = output;
    if (!settings.equals(old.settings)) {
      output = Output.open(settings);
      old.close();
    }
  }

  @Override
  public void log(Level level, String message, Object... fields) {
    var now = output;
    if (level.compareTo(now.settings.level()) < 0
        || (now.sampler != null && !now.sampler.admits(level, message))) {
      return;
    }
    var all = new LinkedHashMap<String, Object>(now.settings.fields());
    for (int i = 0; i + 1 < fields.length; i += 2) {
      all.put(String.valueOf(fields[i]), fields[i + 1] == null ? "" : fields[i + 1]);
    }
    write(now, level, message, all);
    if (!listeners.isEmpty()) {
      all.remove(LogSettings.RESOURCE); // whoever sends lines says it once
      var line = new Line(clock.instant(), level, message, all);
      listeners.forEach(listener -> listener.accept(line));
    }
  }

  /// Tells of each line as it is written, on the thread that logs. Who listens must not wait.
  ///
  /// @return ends that
  public Runnable listen(Consumer<Line> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private void write(Output to, Level level, String message, Map<String, Object> fields) {
    var caller = to.settings.caller() ? caller() : "";
    var line =
        (to.settings.json()
                ? LogLine.json(clock.instant(), level, caller, message, fields)
                : LogLine.console(clock.instant(), level, caller, message, fields))
            .getBytes(StandardCharsets.UTF_8);
    synchronized (this) {
      for (var stream : to.streams) {
        try {
          stream.write(line);
          stream.flush();
        } catch (IOException _) {
          // a full disk must not stop the data
        }
      }
    }
  }

  /// The nearest frame that is not part of the log: `service/Gateway.java:42`.
  private static String caller() {
    return WALKER.walk(frames ->
        frames
            .filter(frame -> !frame.getClassName().startsWith("io.sluice.telemetry.Log"))
            .findFirst()
            .map(Logs::place)
            .orElse(""));
  }

  private static String place(StackWalker.StackFrame frame) {
    var name = frame.getClassName();
    var folder = name.substring(0, Math.max(0, name.lastIndexOf('.')));
    return folder.substring(folder.lastIndexOf('.') + 1)
        + "/"
        + frame.getFileName()
        + ":"
        + frame.getLineNumber();
  }

  @Override
  public void close() {
    output.close();
  }
}
