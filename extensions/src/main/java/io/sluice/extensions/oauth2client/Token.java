package io.sluice.extensions.oauth2client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.transport.auth.HeaderRules;
import io.sluice.wire.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// An access token as a header has it, and until when it is good, by the loop's clock.
///
/// @param renewAtNs from then on another is asked for
/// @param endsAtNs from then on it is not shown
record Token(String authorization, long renewAtNs, long endsAtNs) {
  /// A token without an end gets one, or nobody would notice that the client was shut out.
  private static final Duration LIFE_MAX = Duration.ofDays(1);

  private static final JsonFactory JSON = new JsonFactory();

  /// Reads an answer.
  ///
  /// @throws IOException saying what is wrong with it, without what is in it
  static Token of(Bytes answer, Duration buffer, long nowNs) throws IOException {
    var members = members(answer);
    var token = members.getOrDefault("access_token", "");
    if (token.isEmpty()) {
      throw new IOException("the answer has no access_token");
    }
    var authorization = type(members.getOrDefault("token_type", "")) + " " + token;
    if (!HeaderRules.isValue(authorization)) {
      throw new IOException("the access_token has characters that no header can hold");
    }
    var life = life(members.getOrDefault("expires_in", ""));
    var early = buffer.compareTo(life.dividedBy(2)) < 0 ? buffer : life.dividedBy(2);
    return new Token(authorization, nowNs + life.minus(early).toNanos(), nowNs + life.toNanos());
  }

  private static String type(String said) {
    return said.isEmpty() || said.equalsIgnoreCase("bearer") ? "Bearer" : said;
  }

  private static Duration life(String seconds) throws IOException {
    try {
      double value = seconds.isEmpty() ? 0 : Double.parseDouble(seconds);
      return value > 0 && value < LIFE_MAX.toSeconds()
          ? Duration.ofMillis((long) (value * 1000))
          : LIFE_MAX;
    } catch (NumberFormatException e) {
      throw new IOException("expires_in is no number", e);
    }
  }

  /// Texts and numbers of an object, without what is nested in it.
  ///
  /// @throws IOException if it is none
  static Map<String, String> members(Bytes body) throws IOException {
    var members = new HashMap<String, String>();
    try (var parser = JSON.createParser(body.sharedArray(), body.offset(), body.length())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("the answer is no JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        member(parser, members);
      }
      return members;
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IOException("the answer is no JSON", e);
    }
  }

  private static void member(JsonParser parser, Map<String, String> members) throws IOException {
    var name = parser.currentName();
    var value = parser.nextToken();
    if (value == JsonToken.VALUE_STRING || value.isNumeric()) {
      members.put(name, parser.getText());
    } else {
      parser.skipChildren();
    }
  }
}
