package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;

/// Writes a request anew with U+FFFD in place of what is not UTF-8. Rare, so plain rather than fast.
/// Comes after the walk, so nesting is bounded.
final class Repair {
  private final WireWriter out;

  private Repair(int capacity) {
    out = new WireWriter(capacity);
  }

  static Bytes strings(Schema.Message type, Bytes message) {
    var repair = new Repair(message.length() + 64);
    repair.message(type, new WireReader().over(message));
    return repair.out.take();
  }

  private void message(Schema.Message type, WireReader fields) {
    while (fields.next()) {
      var field = type.field(fields.field());
      if (field == null || fields.wireType() != WireReader.LENGTH_DELIMITED) {
        out.raw(fields.wholeField());
        continue;
      }
      switch (field.kind()) {
        case MESSAGE -> {
          int opened = out.open(field.number());
          message(field.type(), fields.into(new WireReader()));
          out.close(opened);
        }
        case STRING -> string(fields);
        default -> out.raw(fields.wholeField());
      }
    }
  }

  private void string(WireReader fields) {
    var text = fields.bytes();
    int from = text.offset();
    if (Utf8.valid(text.sharedArray(), from, from + text.length())) {
      out.raw(fields.wholeField());
    } else {
      out.bytes(fields.field(), Bytes.utf8(text.utf8()));
    }
  }
}
