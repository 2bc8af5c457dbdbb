package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.io.OutputStream;

/// OTLP/JSON, both ways, by the mapping of the OTLP specification.
public final class OtlpJson {
  private OtlpJson() {}

  /// A JSON export request in wire form; still to be validated.
  ///
  /// @throws io.sluice.wire.MalformedWireException naming what is wrong and where
  @SuppressWarnings("DoNotCallSuggester") // stub
  public static Bytes decode(Signal signal, Bytes json) {
    throw new UnsupportedOperationException(signal + " " + json);
  }

  /// Writes a validated request as one line of JSON, without a line end.
  @SuppressWarnings("DoNotCallSuggester") // stub
  public static void encode(Signal signal, Rope otlp, OutputStream out) throws IOException {
    throw new IOException("not yet: " + signal + otlp + out);
  }
}
