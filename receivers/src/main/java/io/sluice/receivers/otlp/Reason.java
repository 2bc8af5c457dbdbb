package io.sluice.receivers.otlp;

import java.util.Locale;

/// Why a request was refused before it reached the pipeline; a label of a metric.
enum Reason {
  MALFORMED,
  TOO_LARGE,
  BAD_COMPRESSION,
  UNSUPPORTED_ENCODING,
  UNSUPPORTED_CONTENT_TYPE,
  UNAUTHENTICATED,
  NOT_SERVED,
  METHOD_NOT_ALLOWED,
  NO_ROOM,
  INCOMPLETE;

  private final String label = name().toLowerCase(Locale.ROOT);

  @Override
  public String toString() {
    return label;
  }
}
