package io.sluice.exporters.loki;

/// What becomes the line of an entry.
public enum Format {
  /// The body as it is.
  RAW,
  /// The whole record in logfmt.
  LOGFMT,
  /// The whole record in JSON.
  JSON
}
