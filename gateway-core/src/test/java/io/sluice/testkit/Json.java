package io.sluice.testkit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON as maps, lists, strings, booleans, numbers and [#NULL], which compare by value: a whole number
/// that a long can hold is a Long however it is spelled (`1000`, `1e3`), any other one and -0 a Double.
public final class Json {
  public static final Object NULL =
      new Object() {
        @Override
        public String toString() {
          return "null";
        }
      };

  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /// The first value of the text.
  public static Object parse(String text) {
    try (var parser = FACTORY.createParser(text)) {
      return value(parser, parser.nextToken());
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  public static Map<String, Object> object(String text) {
    return object(parse(text));
  }

  /// An object, or an empty one where there is nothing.
  @SuppressWarnings("unchecked") // keys of JSON objects are strings
  public static Map<String, Object> object(@Nullable Object value) {
    return value == null || value.equals(NULL) ? Map.of() : (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  public static List<Object> list(@Nullable Object value) {
    return value == null || value.equals(NULL) ? List.of() : (List<Object>) value;
  }

  public static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  private static Object value(JsonParser parser, @Nullable JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> {
        var map = new LinkedHashMap<String, Object>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          map.put(parser.currentName(), value(parser, parser.nextToken()));
        }
        yield map;
      }
      case START_ARRAY -> {
        var list = new ArrayList<Object>();
        for (var next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          list.add(value(parser, next));
        }
        yield list;
      }
      case VALUE_NULL -> NULL;
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getText());
      case VALUE_STRING -> parser.getText();
      case null, default -> throw new IOException("no value but " + token);
    };
  }

  private static Object number(String text) {
    double decimal = Double.parseDouble(text);
    if (decimal == 0 && text.startsWith("-")) {
      return decimal;
    }
    try {
      return new BigDecimal(text).longValueExact();
    } catch (ArithmeticException _) {
      return decimal;
    }
  }
}
