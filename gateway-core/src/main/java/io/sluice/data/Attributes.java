package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;

/// A cursor over attributes: the repeated KeyValues of a message. Moves; not to be kept.
public final class Attributes {
  private final WireReader fields = new WireReader();
  private final Fields pair = new Fields();
  private int number;

  private Attributes() {}

  /// The attributes in field `number` of a message.
  public static Attributes in(Bytes message, int number) {
    return new Attributes().over(message, number);
  }

  Attributes over(Bytes message, int field) {
    fields.over(message);
    number = field;
    return this;
  }

  public boolean next() {
    while (fields.next()) {
      if (fields.field() == number) {
        pair.over(fields.bytes());
        return true;
      }
    }
    return false;
  }

  public Bytes key() {
    return pair.bytes(1);
  }

  /// The AnyValue message, see [AnyValue#decode].
  public Bytes value() {
    return pair.message(2);
  }

  /// Moves on to the attribute with this key; false if there is none behind where it stands.
  public boolean find(Bytes key) {
    while (next()) {
      if (key().equals(key)) {
        return true;
      }
    }
    return false;
  }
}
