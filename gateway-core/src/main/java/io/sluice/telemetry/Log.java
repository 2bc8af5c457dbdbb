package io.sluice.telemetry;

/// A structured log: a constant message and fields. Fields are given as name, value, name, value;
/// payloads and secrets never are. Repeated messages are thinned out (`service::telemetry::logs::
/// sampling`), so logging on the data path is safe.
public interface Log {
  Log NONE = (_, _, _) -> {};

  enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  void log(Level level, String message, Object... fields);

  default void debug(String message, Object... fields) {
    log(Level.DEBUG, message, fields);
  }

  default void info(String message, Object... fields) {
    log(Level.INFO, message, fields);
  }

  default void warn(String message, Object... fields) {
    log(Level.WARN, message, fields);
  }

  default void error(String message, Object... fields) {
    log(Level.ERROR, message, fields);
  }

  /// The same log with these fields on every line.
  default Log with(Object... more) {
    return (level, message, fields) -> {
      var all = new Object[more.length + fields.length];
      System.arraycopy(more, 0, all, 0, more.length);
      System.arraycopy(fields, 0, all, more.length, fields.length);
      log(level, message, all);
    };
  }
}
