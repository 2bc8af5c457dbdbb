package io.sluice.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import io.sluice.wire.WireWriter;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The oracle of [JsonReader]: the same meaning by a well-known parser's tokens and Java's own numbers
/// and texts.
final class TokenReader {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonText.DEPTH_MAX)
                  .maxNumberLength(JsonText.NUMBER_CHARS_MAX)
                  .maxNameLength(JsonText.NAME_CHARS_MAX)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /// Where the parser's words name a method of its own.
  private static final Pattern PARSERS_OWN = Pattern.compile(", from `[^`]*`");

  private final JsonParser in;
  private final WireWriter out;

  private TokenReader(JsonParser in, int sizeInBytes) {
    this.in = in;
    out = new WireWriter(sizeInBytes / 2 + 64);
  }

  static Bytes decode(Schema.Message type, Bytes json) {
    var text = readable(json);
    try (var parser = FACTORY.createParser(text.sharedArray(), text.offset(), text.length())) {
      return new TokenReader(parser, text.length()).request(type);
    } catch (StreamConstraintsException e) {
      throw new MalformedWireException(
          "JSON beyond limits: " + PARSERS_OWN.matcher(e.getOriginalMessage()).replaceAll(""));
    } catch (IOException e) {
      throw new MalformedWireException("not JSON");
    }
  }

  /// UTF-8, or refused: the parser would take UTF-16 and UTF-32 too.
  private static Bytes readable(Bytes json) {
    for (int i = 0; i < Math.min(4, json.length()); i++) {
      int b = json.at(i) & 0xFF;
      if (b == 0 || b >= 0xFE) {
        throw new MalformedWireException("JSON that is not UTF-8");
      }
    }
    int from = json.offset();
    return Utf8.valid(json.sharedArray(), from, from + json.length())
        ? json
        : Bytes.utf8(json.utf8());
  }

  private static Schema.@Nullable Field field(Schema.Message type, String name) {
    for (var field : type.byNumber.values()) {
      if (field.jsonName().equals(name) || field.snakeName().equals(name)) {
        return field;
      }
    }
    return null;
  }

  private Bytes request(Schema.Message type) throws IOException {
    var token = in.nextToken();
    if (token == null) {
      throw new MalformedWireException("empty JSON");
    }
    if (token != JsonToken.VALUE_NULL) {
      object(type, token);
    }
    return out.take();
  }

  private void object(Schema.Message type, @Nullable JsonToken start) throws IOException {
    if (start != JsonToken.START_OBJECT) {
      throw wrong(type.name, start);
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var field = field(type, in.currentName());
      var token = in.nextToken();
      if (field == null) {
        in.skipChildren();
      } else if (token != JsonToken.VALUE_NULL) {
        present(field, token);
      }
    }
  }

  private void present(Schema.Field field, @Nullable JsonToken token) throws IOException {
    if (field.repeated()) {
      list(field, token);
    } else {
      value(field, token);
    }
  }

  private void list(Schema.Field field, @Nullable JsonToken start) throws IOException {
    if (start != JsonToken.START_ARRAY) {
      throw wrong(field.jsonName(), start);
    }
    boolean packed = field.packable();
    int opened = packed ? out.open(field.number()) : 0;
    for (var token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
      if (packed) {
        scalar(field, token, true);
      } else {
        value(field, token);
      }
    }
    if (packed) {
      out.close(opened);
    }
  }

  private void value(Schema.Field field, @Nullable JsonToken token) throws IOException {
    switch (field.kind()) {
      case MESSAGE -> {
        int opened = out.open(field.number());
        if (token != JsonToken.VALUE_NULL) {
          object(field.type(), token);
        }
        out.close(opened);
      }
      case STRING -> out.bytes(field.number(), utf8(text(field, token)));
      case BYTES -> out.bytes(field.number(), base64(field, text(field, token)));
      case ID16 -> out.bytes(field.number(), hex(field, text(field, token), 16));
      case ID8 -> out.bytes(field.number(), hex(field, text(field, token), 8));
      default -> scalar(field, token, false);
    }
  }

  private void scalar(Schema.Field field, @Nullable JsonToken token, boolean packed)
      throws IOException {
    long bits =
        switch (field.kind()) {
          case DOUBLE -> Double.doubleToRawLongBits(decimal(field, token));
          case BOOL -> bool(field, token) ? 1 : 0;
          case ENUM -> enumeration(field, token);
          case INT32 -> integer(field, token, Integer.MIN_VALUE, Integer.MAX_VALUE);
          case SINT32 -> {
            int value = (int) integer(field, token, Integer.MIN_VALUE, Integer.MAX_VALUE);
            yield ((value << 1) ^ (value >> 31)) & 0xFFFFFFFFL;
          }
          case UINT32, FIXED32 -> integer(field, token, 0, 0xFFFFFFFFL);
          case UINT64, FIXED64 -> unsigned(field, token);
          default -> integer(field, token, Long.MIN_VALUE, Long.MAX_VALUE);
        };
    write(field, bits, packed);
  }

  private void write(Schema.Field field, long bits, boolean packed) {
    switch (field.kind().wireType) {
      case 0 -> {
        if (packed) {
          out.rawVarint(bits);
        } else {
          out.varint(field.number(), bits);
        }
      }
      case 1 -> {
        if (packed) {
          out.rawFixed64(bits);
        } else {
          out.fixed64(field.number(), bits);
        }
      }
      default -> out.fixed32(field.number(), (int) bits);
    }
  }

  private String text(Schema.Field field, @Nullable JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_NULL) {
      return "";
    }
    if (token != JsonToken.VALUE_STRING) {
      throw wrong(field.jsonName(), token);
    }
    return in.getText();
  }

  private long integer(Schema.Field field, @Nullable JsonToken token, long min, long max)
      throws IOException {
    var digits = digits(field, token);
    try {
      long value = Long.parseLong(digits);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw notA("integer in range", field);
  }

  private long unsigned(Schema.Field field, @Nullable JsonToken token) throws IOException {
    try {
      return Long.parseUnsignedLong(digits(field, token));
    } catch (NumberFormatException _) {
      throw notA("unsigned integer", field);
    }
  }

  private String digits(Schema.Field field, @Nullable JsonToken token) throws IOException {
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_STRING) {
      throw wrong(field.jsonName(), token);
    }
    return in.getText();
  }

  private double decimal(Schema.Field field, @Nullable JsonToken token) throws IOException {
    boolean string = token == JsonToken.VALUE_STRING;
    if (!string && token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
      throw wrong(field.jsonName(), token);
    }
    var text = in.getText();
    if (string) {
      switch (text.toLowerCase(Locale.ROOT)) {
        case "nan" -> {
          return Double.NaN;
        }
        case "infinity", "inf", "+inf", "+infinity" -> {
          return Double.POSITIVE_INFINITY;
        }
        case "-infinity", "-inf" -> {
          return Double.NEGATIVE_INFINITY;
        }
        default -> {}
      }
    }
    return finite(field, text);
  }

  private double finite(Schema.Field field, String text) {
    if (text.length() <= 400 && text.chars().allMatch(c -> "0123456789+-.eE".indexOf(c) >= 0)) {
      try {
        double value = Double.parseDouble(text);
        if (Double.isFinite(value)) {
          return value;
        }
      } catch (NumberFormatException _) {
        // Said below.
      }
    }
    throw notA("number", field);
  }

  private boolean bool(Schema.Field field, @Nullable JsonToken token) {
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw wrong(field.jsonName(), token);
    }
    return token == JsonToken.VALUE_TRUE;
  }

  private long enumeration(Schema.Field field, @Nullable JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      var number = field.numbers().get(in.getText());
      if (number == null) {
        throw notA("known name", field);
      }
      return number;
    }
    return integer(field, token, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private Bytes hex(Schema.Field field, String text, int length) {
    try {
      var id = HexFormat.of().parseHex(text);
      if (id.length == length || id.length == 0) {
        return Bytes.wrap(id);
      }
    } catch (IllegalArgumentException _) {
      // Said below.
    }
    throw notA("hex id of " + length + " bytes", field);
  }

  private Bytes base64(Schema.Field field, String text) {
    try {
      if (text.length() % 4 == 0) {
        return Bytes.wrap(Base64.getDecoder().decode(text));
      }
    } catch (IllegalArgumentException _) {
      // Said below.
    }
    throw notA("padded base64", field);
  }

  /// A lone surrogate, which JSON can spell and UTF-8 cannot, becomes U+FFFD.
  private static Bytes utf8(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return Bytes.utf8(
            text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString());
      }
    }
    return Bytes.utf8(text);
  }

  private MalformedWireException notA(String what, Schema.Field field) {
    return new MalformedWireException("JSON " + field.jsonName() + ": no " + what + where());
  }

  private MalformedWireException wrong(String name, @Nullable JsonToken found) {
    return new MalformedWireException("JSON " + name + ": unexpected " + words(found) + where());
  }

  private static String words(@Nullable JsonToken found) {
    return switch (found) {
      case START_OBJECT -> "object";
      case START_ARRAY -> "array";
      case VALUE_STRING -> "string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number";
      case VALUE_TRUE, VALUE_FALSE -> "boolean";
      case VALUE_NULL -> "null";
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "token";
      case null -> "end";
    };
  }

  private String where() {
    var at = in.currentTokenLocation();
    return " at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }
}
