package io.sluice.exporters.elasticsearch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.wire.Bytes;
import java.io.IOException;

/// Reads what a server says of each document. An answer may be cut off: then nothing is known of the rest.
final class BulkAnswer {
  /// All that is asked for.
  static final String FILTER_PATH =
      "errors,items.*.status,items.*.failure_store,items.*.error.type,items.*.error.reason,"
          + "items.*.error.caused_by.reason";

  private static final int REASON_CHARS_MAX = 512;
  private static final JsonFactory JSON = new JsonFactory();

  private BulkAnswer() {}

  /// Hears of each document, in the order they were sent.
  @FunctionalInterface
  interface Verdicts {
    void of(int position, Verdict verdict);
  }

  /// @param type of the error, as is the reason; empty if there is none
  /// @param failureStore whether the server keeps the document where failures go
  record Verdict(int status, String type, String reason, boolean failureStore) {
    String words() {
      return type.isEmpty() ? "status " + status : type + ": " + reason;
    }

    /// Without what may be different for each document.
    String kind() {
      return type.isEmpty() ? "status " + status : type;
    }
  }

  /// @return of how many documents something was said; -1 if this is no such answer
  static int read(Bytes body, Verdicts verdicts) {
    int position = 0;
    boolean begun = false;
    try (var parser = JSON.createParser(body.sharedArray(), body.offset(), body.length())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return -1;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var name = parser.currentName();
        if (parser.nextToken() == JsonToken.START_ARRAY && name.equals("items")) {
          begun = true;
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            verdicts.of(position, item(parser));
            position++;
          }
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException _) {
      // What was understood counts.
    }
    return begun ? position : -1;
  }

  /// One object in which the action is the only key.
  private static Verdict item(JsonParser parser) throws IOException {
    int status = 0;
    var type = "";
    var reason = "";
    boolean store = false;
    if (parser.nextToken() == JsonToken.FIELD_NAME) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var name = parser.currentName();
        var token = parser.nextToken();
        switch (name) {
          case "status" -> status = parser.getValueAsInt();
          case "failure_store" -> store = "used".equals(parser.getValueAsString());
          case "error" -> {
            var words = token == JsonToken.START_OBJECT ? error(parser) : text(parser);
            type = words[0];
            reason = words[1];
          }
          default -> parser.skipChildren();
        }
      }
      end(parser);
    }
    return new Verdict(status, type, cut(reason), store);
  }

  private static void end(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.END_OBJECT) {
      throw new IOException("more than one action");
    }
  }

  private static String[] text(JsonParser parser) throws IOException {
    var text = String.valueOf(parser.getValueAsString());
    parser.skipChildren();
    return new String[] {"error", text};
  }

  /// Type and reason; that which a cause adds stands behind.
  private static String[] error(JsonParser parser) throws IOException {
    var type = "";
    var reason = "";
    var cause = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      var token = parser.nextToken();
      if (name.equals("caused_by") && token == JsonToken.START_OBJECT) {
        cause = error(parser)[1];
      } else if (name.equals("type")) {
        type = String.valueOf(parser.getValueAsString());
      } else if (name.equals("reason")) {
        reason = String.valueOf(parser.getValueAsString());
      } else {
        parser.skipChildren();
      }
    }
    return new String[] {type, cause.isEmpty() ? reason : reason + ": " + cause};
  }

  private static String cut(String reason) {
    var line = reason.replaceAll("\\s+", " ");
    return line.length() <= REASON_CHARS_MAX ? line : line.substring(0, REASON_CHARS_MAX);
  }
}
