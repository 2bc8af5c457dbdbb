package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import org.jspecify.annotations.Nullable;

/// What the leaf cursors share: moving over the messages in one repeated field.
final class RecordCursor {
  final Fields fields = new Fields();
  private final WireReader outer = new WireReader();
  private final int number;

  /// The one message this stands on, if it was not moved there.
  private final @Nullable Bytes alone;

  RecordCursor(Fields parent, int number) {
    this.number = number;
    alone = null;
    parent.from(number, outer);
  }

  private RecordCursor(Bytes message) {
    number = 0;
    alone = message;
    fields.over(message);
  }

  static RecordCursor at(Bytes message) {
    return new RecordCursor(message);
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
    return alone == null ? outer.bytes() : alone;
  }

  Attributes attributes(int field) {
    return Attributes.in(message(), field);
  }
}
