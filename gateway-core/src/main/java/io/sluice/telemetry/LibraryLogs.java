package io.sluice.telemetry;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Leads what libraries log (java.util.logging: gRPC, Vert.x, Netty) into ours. Their INFO is our
/// DEBUG: users ask about pipelines, not about event loops.
public final class LibraryLogs extends Handler {
  private final Log log;

  private LibraryLogs(Log log) {
    this.log = log;
  }

  public static void leadTo(Log log) {
    LogManager.getLogManager().reset();
    var root = Logger.getLogger("");
    root.setLevel(Level.INFO);
    root.addHandler(new LibraryLogs(log));
  }

  @Override
  public void publish(LogRecord line) {
    var thrown = line.getThrown();
    var level =
        line.getLevel().intValue() >= Level.SEVERE.intValue()
            ? Log.Level.ERROR
            : line.getLevel().intValue() >= Level.WARNING.intValue()
                ? Log.Level.WARN
                : Log.Level.DEBUG;
    log.log(
        level,
        String.valueOf(line.getMessage()),
        "logger",
        String.valueOf(line.getLoggerName()),
        "error",
        thrown == null ? "" : thrown.toString());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
