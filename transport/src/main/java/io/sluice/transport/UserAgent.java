package io.sluice.transport;

import io.sluice.component.ComponentContext;

/// How we introduce ourselves: `Sluice/0.1.0 (linux/amd64)`.
public final class UserAgent {
  private UserAgent() {}

  /// @param written by the user; empty for our own
  public static String of(String written, ComponentContext.Build build) {
    return written.isEmpty()
        ? build.description() + "/" + build.version() + " (linux/" + architecture() + ")"
        : written;
  }

  /// In Go's words, as the Collector's users know them.
  private static String architecture() {
    var name = System.getProperty("os.arch", "amd64");
    return switch (name) {
      case "aarch64" -> "arm64";
      case "x86_64" -> "amd64";
      default -> name;
    };
  }
}
