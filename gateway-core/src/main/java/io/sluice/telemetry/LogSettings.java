package io.sluice.telemetry;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `service::telemetry::logs`, as far as it shapes lines.
///
/// @param outputs `stderr`, `stdout` or a path
/// @param fields on every line
public record LogSettings(
    Log.Level level,
    boolean json,
    boolean caller,
    Optional<Sampling> sampling,
    List<String> outputs,
    Map<String, Object> fields) {
  /// The field that says who writes.
  public static final String RESOURCE = "resource";

  public static final LogSettings DEFAULTS =
      new LogSettings(
          Log.Level.INFO,
          false,
          true,
          Optional.of(new Sampling(Duration.ofSeconds(10), 10, 100)),
          List.of("stderr"),
          Map.of());

  /// In each tick, the first lines of a message, then each n-th.
  public record Sampling(Duration tick, int initial, int thereafter) {}
}
