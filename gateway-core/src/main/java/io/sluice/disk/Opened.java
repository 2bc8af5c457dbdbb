package io.sluice.disk;

import java.util.Map;

/// What came of opening a log.
public sealed interface Opened {
  /// @param unwanted what is stored for destinations nobody asked for
  record Ready(Map<String, Counts> unwanted) implements Opened {}

  /// Another process has the directory.
  record InUse(String reason) implements Opened {}

  /// It was written by a later release; nothing was touched.
  record Newer(String reason) implements Opened {}

  /// The disk did not let us.
  record Failed(String reason) implements Opened {}
}
