package io.sluice.exporters.otlp;

import io.sluice.pipeline.Outcome;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;

/// Reads `partial_success` of an export response; the fields are the same for all signals.
final class PartialSuccess {
  private static final int PARTIAL_SUCCESS = 1;
  private static final int REJECTED = 1;
  private static final int ERROR_MESSAGE = 2;

  private PartialSuccess() {}

  /// Acceptance, unless something was rejected or there is something to say.
  ///
  /// @throws io.sluice.wire.MalformedWireException if this is no response
  static Outcome of(Bytes response) {
    long rejected = 0;
    var message = "";
    var reader = new WireReader().over(response);
    while (reader.next()) {
      if (reader.is(PARTIAL_SUCCESS, WireReader.LENGTH_DELIMITED)) {
        var partial = new WireReader().over(reader.bytes());
        while (partial.next()) {
          if (partial.is(REJECTED, WireReader.VARINT)) {
            rejected = partial.varint();
          } else if (partial.is(ERROR_MESSAGE, WireReader.LENGTH_DELIMITED)) {
            message = partial.bytes().utf8();
          }
        }
      }
    }
    return of(rejected, message);
  }

  static Outcome of(long rejected, String message) {
    return rejected == 0 && message.isEmpty()
        ? new Outcome.Accepted()
        : new Outcome.Partial(Math.max(0, rejected), message);
  }
}
