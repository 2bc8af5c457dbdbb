package io.sluice.service;

import io.sluice.component.AnyCase;
import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Ignored;
import io.sluice.telemetry.Log;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `service::telemetry::logs`.
///
/// @param sampling absent: each line is written
public record LogsConfig(
    @Doc("Least level that is written: debug, info, warn, error, dpanic, panic, fatal.") @AnyCase
        Level level,
    @Doc("Form of a line: console or json.") Encoding encoding,
    @Doc("Development mode.") @Ignored("it changes only how the Collector prints stack traces")
        boolean development,
    @Doc("Leave out where in the source a line was logged.") boolean disableCaller,
    @Doc("Leave out stack traces.") boolean disableStacktrace,
    @Doc("Thins out lines that repeat.") Optional<Sampling> sampling,
    @Doc("Where lines go: stdout, stderr or the path of a file.") List<String> outputPaths,
    @Doc("Where failures of logging itself go.") List<String> errorOutputPaths,
    @Doc("Fields added to each line.") Map<String, Object> initialFields,
    @Doc("Send the gateway's own log elsewhere too.") List<LogProcessor> processors,
    @Doc("Leave out the resource fields of each line.") boolean disableZapResource)
    implements Checked {
  /// The Collector's levels; those above error mean the same here.
  public enum Level {
    DEBUG(Log.Level.DEBUG),
    INFO(Log.Level.INFO),
    WARN(Log.Level.WARN),
    ERROR(Log.Level.ERROR),
    DPANIC(Log.Level.ERROR),
    PANIC(Log.Level.ERROR),
    FATAL(Log.Level.ERROR);

    private final Log.Level least;

    Level(Log.Level least) {
      this.least = least;
    }

    public Log.Level least() {
      return least;
    }
  }

  public enum Encoding {
    CONSOLE,
    JSON
  }

  /// Of one message at one level in one tick, the first so many are written, then each so-many-th.
  public record Sampling(
      @Doc("Length of a tick.") Duration tick,
      @Doc("Lines written in full in each tick.") int initial,
      @Doc("Then each so-many-th is written; 0 for none.") int thereafter)
      implements Checked {
    public static Sampling defaults() {
      return new Sampling(Duration.ofSeconds(10), 10, 100);
    }

    @Override
    public void check(Findings findings) {
      findings.require(!tick.isNegative(), "tick", tick + " (expected: >= 0)");
      findings.require(initial >= 0, "initial", initial + " (expected: >= 0)");
      findings.require(thereafter >= 0, "thereafter", thereafter + " (expected: >= 0)");
    }
  }

  public static LogsConfig defaults() {
    return new LogsConfig(
        Level.INFO,
        Encoding.CONSOLE,
        false,
        false,
        false,
        Optional.of(Sampling.defaults()),
        List.of("stderr"),
        List.of("stderr"),
        Map.of(),
        List.of(),
        false);
  }

  @Override
  public void check(Findings findings) {
    findings.require(
        outputPaths.stream().noneMatch(String::isBlank),
        "output_paths",
        "an empty path (expected: stdout, stderr or a file)");
  }
}
