package io.sluice.exporters.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.transport.RpcStatus;
import io.sluice.transport.http.HttpResponse;
import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/// What an answer says of its batch: the table of the OTLP specification.
final class HttpOutcomes {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";
  private static final int REASON_CHARS_MAX = 512;
  private static final JsonFactory JSON_FACTORY = new JsonFactory();

  private HttpOutcomes() {}

  static Outcome of(HttpResponse response, Instant now) {
    if (response.successful()) {
      return delivered(response);
    }
    var reason = reasonOf(response);
    return switch (response.status()) {
      case 429 -> new Outcome.Refused(Pressure.THROTTLED, response.delay(now), reason);
      case 503 -> new Outcome.Refused(Pressure.UNAVAILABLE, response.delay(now), reason);
      case 301, 302, 303, 307, 308, 502, 504 ->
          new Outcome.Refused(Pressure.UNAVAILABLE, Duration.ZERO, reason);
      case 400 -> new Outcome.Rejected(Fault.INVALID, reason);
      case 401 -> new Outcome.Rejected(Fault.UNAUTHENTICATED, reason);
      case 403 -> new Outcome.Rejected(Fault.PERMISSION_DENIED, reason);
      case 404 -> new Outcome.Rejected(Fault.UNIMPLEMENTED, reason);
      case 413 -> new Outcome.Rejected(Fault.TOO_LARGE, reason);
      default -> new Outcome.Rejected(Fault.UNKNOWN, reason);
    };
  }

  private static Outcome delivered(HttpResponse response) {
    try {
      return switch (response.contentType()) {
        case PROTOBUF -> PartialSuccess.of(response.body());
        case JSON -> response.body().isEmpty() ? PartialSuccess.of(0, "") : json(response.body());
        default -> new Outcome.Accepted();
      };
    } catch (MalformedWireException | IOException e) {
      return new Outcome.Rejected(Fault.UNKNOWN, "malformed response: " + e.getMessage());
    }
  }

  /// `{"partialSuccess":{"rejectedSpans":"1","errorMessage":"..."}}`, whatever the items are called.
  private static Outcome json(Bytes body) throws IOException {
    long rejected = 0;
    var message = "";
    try (var parser = JSON_FACTORY.createParser(body.sharedArray(), body.offset(), body.length())) {
      int depth = 0;
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth == 2 && token.isScalarValue()) {
          var name = String.valueOf(parser.currentName());
          if (name.equals("errorMessage")) {
            message = parser.getText();
          } else if (name.startsWith("rejected")) {
            rejected = number(parser);
          }
        }
      }
    }
    return PartialSuccess.of(rejected, message);
  }

  private static long number(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return parser.getLongValue();
    }
    try {
      return Long.parseLong(parser.getText());
    } catch (NumberFormatException e) {
      throw new IOException("no number", e);
    }
  }

  private static String reasonOf(HttpResponse response) {
    var said = "";
    if (response.contentType().equals(PROTOBUF)) {
      try {
        said = RpcStatus.parse(response.body()).message();
      } catch (MalformedWireException _) {
        said = "";
      }
    } else if (response.contentType().equals(JSON)) {
      said = message(response.body());
    }
    var reason = "HTTP " + response.status() + (said.isEmpty() ? "" : ": " + said);
    return reason.length() <= REASON_CHARS_MAX ? reason : reason.substring(0, REASON_CHARS_MAX);
  }

  private static String message(Bytes body) {
    try (var parser = JSON_FACTORY.createParser(body.sharedArray(), body.offset(), body.length())) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.VALUE_STRING
            && "message".equals(parser.currentName())) {
          return parser.getText();
        }
      }
    } catch (IOException _) {
      return "";
    }
    return "";
  }
}
