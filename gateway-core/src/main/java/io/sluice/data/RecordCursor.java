package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;

/// What the leaf cursors share: moving over the messages in one repeated field.
final class RecordCursor {
  final Fields fields = new Fields();
  private final WireReader outer = new WireReader();
  private final int number;

  RecordCursor(Fields parent, int number) {
    this.number = number;
    parent.from(number, outer);
  }

  boolean next() {
    while (outer.next()) {
      if (outer.field() == number) {
        fields.over(outer.bytes());
        return true;
      }
    }
    return false;
  }

  Bytes message() {
    return outer.bytes();
  }

  Attributes attributes(int field) {
    return Attributes.in(message(), field);
  }
}
