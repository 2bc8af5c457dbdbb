package io.sluice.exporters.elasticsearch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// Reads lines of JSON so that what differs as text, but for spaces and the order of keys, differs.
final class Lines {
  private static final JsonFactory STRICT =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private Lines() {}

  /// Its paths and values, sorted; numbers as they are written.
  ///
  /// @throws UncheckedIOException if it is no JSON, or a key stands twice
  static List<String> literally(String line) {
    var found = new ArrayList<String>();
    try (var parser = STRICT.createParser(line)) {
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isScalarValue() || token.isStructStart()) {
          var path = parser.getParsingContext().pathAsPointer(true);
          var quoted = token == JsonToken.VALUE_STRING ? "\"" : "";
          found.add(path + " = " + quoted + parser.getText() + quoted);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
    return found.stream().sorted().toList();
  }
}
