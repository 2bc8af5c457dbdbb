package io.sluice.exporters.loki;

import io.sluice.data.AnyValue;
import io.sluice.data.GoNumber;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;

/// The text of an AnyValue: as it is in the message, or made of it. Reused; confined to one thread.
final class Value {
  private final WireReader fields = new WireReader();
  byte[] array = new byte[0];
  int from;
  int length;

  Value of(Bytes message) {
    int end = message.offset() + message.length();
    if (isText(message, end)) {
      array = message.sharedArray();
      from = fields.valueStart();
      length = fields.valueLength();
    } else {
      of(AnyValue.decode(message).text());
    }
    return this;
  }

  /// One text and nothing else, as nearly all are.
  private boolean isText(Bytes message, int end) {
    fields.over(message);
    return fields.next() && fields.valueEnd() == end && fields.is(1, WireReader.LENGTH_DELIMITED);
  }

  private void of(String text) {
    var bytes = Bytes.utf8(text);
    array = bytes.sharedArray();
    from = 0;
    length = bytes.length();
  }

  boolean isEmpty() {
    return length == 0;
  }

  Bytes bytes() {
    return Bytes.wrap(array, from, from + length);
  }

  /// The value as JSON has it.
  void json(Bytes message, WireWriter out) {
    if (isText(message, message.offset() + message.length())) {
      Quoted.json(out, message.sharedArray(), fields.valueStart(), fields.valueLength());
      return;
    }
    var value = AnyValue.decode(message);
    switch (value) {
      case AnyValue.Empty _, AnyValue.Reference _ -> Quoted.ascii(out, "null");
      case AnyValue.Bool _, AnyValue.Int _ -> Quoted.ascii(out, value.text());
      case AnyValue.Decimal(var number) when Double.isFinite(number) ->
          Quoted.ascii(out, GoNumber.text(number));
      case AnyValue.Array _, AnyValue.Pairs _ -> out.raw(Bytes.utf8(value.text()));
      case AnyValue.Text _, AnyValue.Blob _, AnyValue.Decimal _ -> {
        of(value.text());
        Quoted.json(out, array, from, length);
      }
    }
  }
}
