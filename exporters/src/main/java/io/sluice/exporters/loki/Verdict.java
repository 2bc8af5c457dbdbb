package io.sluice.exporters.loki;

import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/// What Loki's answer says of a request.
sealed interface Verdict {
  record Taken() implements Verdict {}

  record Again(Outcome.Refused refused) implements Verdict {}

  /// No answer at all.
  record Silence(Outcome.Refused refused) implements Verdict {}

  /// Some of it was not taken.
  ///
  /// @param words of Loki
  /// @param whole whether these are all of its words
  record Blamed(int status, String words, boolean whole) implements Verdict {
    /// If it turns out that it was only too much at a time.
    Outcome.Refused throttled() {
      return new Outcome.Refused(Pressure.THROTTLED, Duration.ZERO, reason(status, words));
    }
  }

  record TooLarge(String reason) implements Verdict {}

  /// No request like this will be taken.
  record Never(Fault fault, String reason) implements Verdict {}

  int REASON_CHARS_MAX = 512;

  /// Loki's own word for data that it was told to throw away.
  int BLOCKED = 260;

  /// Waiting would not make room, and keep back what has a stream already.
  Pattern STREAM_LIMIT = Pattern.compile("[Mm]aximum active stream limit exceeded");

  /// Of gRPC, by which Loki hands on what it took by HTTP.
  Pattern MESSAGE_TOO_LARGE = Pattern.compile("larger than max|body too large");

  /// An entry that is older than the first schema of Loki's configuration, answered as if Loki were at fault.
  Pattern NO_SCHEMA = Pattern.compile("no schema config found for time");

  /// Of a request that could not be sent, or was not answered.
  static Verdict of(Throwable failure) {
    return switch (AuthException.outcome(failure)) {
      case Outcome.Rejected(var fault, var reason) -> new Never(fault, reason);
      case Outcome.Refused refused -> new Silence(refused);
      case Outcome.Accepted _, Outcome.Partial _ -> throw new IllegalStateException(failure);
    };
  }

  /// @param bytesMax so much is read of an answer
  static Verdict of(HttpResponse response, int bytesMax, Instant now) {
    int status = response.status();
    var words = response.body().utf8().strip();
    if (response.successful() && status != BLOCKED) {
      return new Taken();
    }
    var reason = reason(status, words);
    if (status == 413 || (status >= 400 && MESSAGE_TOO_LARGE.matcher(words).find())) {
      return new TooLarge(reason);
    }
    boolean whole = response.body().length() < bytesMax;
    if (NO_SCHEMA.matcher(words).find()) {
      return new Blamed(status, words, whole);
    }
    return switch (status) {
      case BLOCKED -> new Never(Fault.PERMISSION_DENIED, reason);
      case 429 ->
          STREAM_LIMIT.matcher(words).find()
              ? new Blamed(status, words, whole)
              : again(Pressure.THROTTLED, response, reason, now);
      case 408 -> again(Pressure.UNAVAILABLE, response, reason, now);
      case 400, 409, 422 -> new Blamed(status, words, whole);
      case 401 -> new Never(Fault.UNAUTHENTICATED, reason);
      case 403 -> new Never(Fault.PERMISSION_DENIED, reason);
      case 404, 405, 415 -> new Never(Fault.UNIMPLEMENTED, reason);
      default ->
          status < 400 || status >= 500
              ? again(Pressure.UNAVAILABLE, response, reason, now)
              : new Never(Fault.UNKNOWN, reason);
    };
  }

  private static Again again(Pressure pressure, HttpResponse response, String reason, Instant now) {
    return new Again(new Outcome.Refused(pressure, response.delay(now), reason));
  }

  /// One line for people.
  static String reason(int status, String words) {
    var said = words.replaceAll("\\s+", " ");
    var reason = "HTTP " + status + (said.isEmpty() ? "" : ": " + said);
    return reason.length() <= REASON_CHARS_MAX ? reason : reason.substring(0, REASON_CHARS_MAX);
  }
}
