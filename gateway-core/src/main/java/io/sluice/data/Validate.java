package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;

/// The one gate into the gateway: walks a request wholly before anyone relies on it.
///
/// Refused is what a reader behind the gate could choke on: fields past their message, wire types
/// other than the declared ones, groups, ids of a wrong length, values nested too deeply, more
/// messages than the bytes justify. Kept are unknown fields. Repaired are strings that are not UTF-8.
public final class Validate {
  /// How deep AnyValues may nest.
  public static final int NESTING_MAX = 64;

  /// Empty messages take two bytes on the wire and a hundred as objects. So many are free ...
  public static final int MESSAGES_FREE = 100_000;

  /// ... and beyond, a request needs so many bytes for each message in it.
  public static final int BYTES_PER_MESSAGE = 4;

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
  public static Checked request(Signal signal, Bytes otlp) {
    var message = Schema.request(signal);
    var walk = new Walk(otlp);
    walk.request(message);
    var checked = walk.badStrings() == 0 ? otlp : Repair.strings(message, otlp);
    var rope = checked.isEmpty() ? Rope.EMPTY : Rope.of(checked);
    return new Checked(rope, walk.items(), walk.badStrings());
  }
}
