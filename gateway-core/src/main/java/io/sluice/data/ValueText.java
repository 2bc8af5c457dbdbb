package io.sluice.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;

/// A value as one text, as the Collector spells it: lists and maps as JSON with sorted keys, bytes in
/// base64, and a reference, whose dictionary is not at hand, as no value.
final class ValueText {
  private static final JsonFactory JSON = new JsonFactory();

  private ValueText() {}

  static String of(AnyValue value) {
    return switch (value) {
      case AnyValue.Empty _, AnyValue.Reference _ -> "";
      case AnyValue.Text(var text) -> text;
      case AnyValue.Bool(var bool) -> Boolean.toString(bool);
      case AnyValue.Int(var number) -> Long.toString(number);
      case AnyValue.Decimal(var number) -> GoNumber.text(number);
      case AnyValue.Blob(var bytes) -> Base64.getEncoder().encodeToString(bytes.toArray());
      case AnyValue.Array _, AnyValue.Pairs _ -> json(value);
    };
  }

  private static String json(AnyValue value) {
    var text = new StringWriter();
    try (var out = JSON.createGenerator(text)) {
      write(value, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString().replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");
  }

  private static void write(AnyValue value, JsonGenerator out) throws IOException {
    switch (value) {
      case AnyValue.Empty _, AnyValue.Reference _ -> out.writeNull();
      case AnyValue.Text(var text) -> out.writeString(text);
      case AnyValue.Bool(var bool) -> out.writeBoolean(bool);
      case AnyValue.Int(var number) -> out.writeNumber(number);
      case AnyValue.Decimal(var number) -> {
        if (Double.isFinite(number)) {
          out.writeNumber(GoNumber.text(number));
        } else {
          out.writeString(GoNumber.text(number));
        }
      }
      case AnyValue.Blob(var bytes) -> out.writeBinary(bytes.toArray());
      case AnyValue.Array(var values) -> list(values, out);
      case AnyValue.Pairs(var pairs) -> {
        var sorted = new TreeMap<String, AnyValue>();
        pairs.forEach(pair -> sorted.put(pair.key(), pair.value()));
        out.writeStartObject();
        for (var entry : sorted.entrySet()) {
          out.writeFieldName(entry.getKey());
          write(entry.getValue(), out);
        }
        out.writeEndObject();
      }
    }
  }

  private static void list(List<AnyValue> values, JsonGenerator out) throws IOException {
    out.writeStartArray();
    for (var value : values) {
      write(value, out);
    }
    out.writeEndArray();
  }
}
