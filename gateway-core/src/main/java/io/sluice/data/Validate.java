package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;

/// The one gate into the gateway: walks a request wholly before anyone relies on it.
public final class Validate {
  private Validate() {}

  /// What came through.
  ///
  /// @param otlp the request, the received bytes themselves unless strings had to be repaired
  /// @param items spans, data points, log records or samples
  /// @param repairedStrings how many strings were not UTF-8 and had the offending parts replaced
  public record Checked(Rope otlp, int items, int repairedStrings) {}

  /// Checks structure, nesting, id lengths and UTF-8.
  ///
  /// @throws io.sluice.wire.MalformedWireException naming what is wrong
  @SuppressWarnings("DoNotCallSuggester") // stub
  public static Checked request(Signal signal, Bytes otlp) {
    throw new UnsupportedOperationException(signal + " " + otlp);
  }
}
