package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A value of an attribute or a log body, read out of its wire form. For code that looks at few values;
/// edits work on the wire.
public sealed interface AnyValue {
  /// No value at all, which is not the empty text.
  record Empty() implements AnyValue {}

  record Text(String value) implements AnyValue {}

  record Bool(boolean value) implements AnyValue {}

  record Int(long value) implements AnyValue {}

  record Decimal(double value) implements AnyValue {}

  record Blob(Bytes value) implements AnyValue {}

  record Array(List<AnyValue> values) implements AnyValue {
    public Array {
      values = List.copyOf(values);
    }
  }

  /// In the order of the wire; a key may come twice.
  record Pairs(List<Pair> pairs) implements AnyValue {
    public Pairs {
      pairs = List.copyOf(pairs);
    }
  }

  /// A position in the string table of profiles.
  record Reference(int index) implements AnyValue {}

  record Pair(String key, AnyValue value) {}

  /// Reads an AnyValue message that came through [Validate].
  static AnyValue decode(Bytes message) {
    AnyValue value = new Empty();
    var fields = new WireReader().over(message);
    while (fields.next()) {
      value =
          switch (fields.field()) {
            case 1 -> new Text(fields.bytes().utf8());
            case 2 -> new Bool(fields.varint() != 0);
            case 3 -> new Int(fields.varint());
            case 4 -> new Decimal(Double.longBitsToDouble(fields.fixed64()));
            case 5 -> array(fields.bytes());
            case 6 -> pairs(fields.bytes());
            case 7 -> new Blob(fields.bytes());
            case 8 -> new Reference((int) fields.varint());
            default -> value;
          };
    }
    return value;
  }

  /// The AnyValue message.
  default Bytes encode() {
    var out = new WireWriter();
    write(out);
    return out.take();
  }

  /// The value as one text, as the Collector spells it: lists and maps as JSON, bytes in base64.
  default String text() {
    return ValueText.of(this);
  }

  /// A value out of a configuration: String, Boolean, any Number, List, Map, or null for none.
  static AnyValue of(@Nullable Object raw) {
    return switch (raw) {
      case null -> new Empty();
      case Boolean bool -> new Bool(bool);
      case Double decimal -> new Decimal(decimal);
      case Float decimal -> new Decimal(decimal);
      case Number number -> new Int(number.longValue());
      case List<?> list -> new Array(list.stream().map(AnyValue::of).toList());
      case Map<?, ?> map ->
          new Pairs(
              map.entrySet().stream()
                  .map(e -> new Pair(String.valueOf(e.getKey()), of(e.getValue())))
                  .toList());
      default -> new Text(raw.toString());
    };
  }

  private void write(WireWriter out) {
    switch (this) {
      case Empty _ -> {}
      case Text(var value) -> out.bytes(1, Bytes.utf8(value));
      case Bool(var value) -> out.varint(2, value ? 1 : 0);
      case Int(var value) -> out.varint(3, value);
      case Decimal(var value) -> out.fixed64(4, Double.doubleToRawLongBits(value));
      case Blob(var value) -> out.bytes(7, value);
      case Reference(var index) -> out.varint(8, index);
      case Array(var values) -> {
        int array = out.open(5);
        for (var value : values) {
          int item = out.open(1);
          value.write(out);
          out.close(item);
        }
        out.close(array);
      }
      case Pairs(var pairs) -> {
        int list = out.open(6);
        for (var pair : pairs) {
          int item = out.open(1);
          out.bytes(1, Bytes.utf8(pair.key()));
          int inner = out.open(2);
          pair.value().write(out);
          out.close(inner);
          out.close(item);
        }
        out.close(list);
      }
    }
  }

  private static AnyValue array(Bytes message) {
    var values = new ArrayList<AnyValue>();
    var fields = new WireReader().over(message);
    while (fields.next()) {
      if (fields.field() == 1) {
        values.add(decode(fields.bytes()));
      }
    }
    return new Array(values);
  }

  private static AnyValue pairs(Bytes message) {
    var pairs = new ArrayList<Pair>();
    var attributes = Attributes.in(message, 1);
    while (attributes.next()) {
      pairs.add(new Pair(attributes.key().utf8(), decode(attributes.value())));
    }
    return new Pairs(pairs);
  }
}
