package io.sluice.transport.http;

import io.sluice.wire.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a destination answered.
///
/// @param contentType without parameters, in lower case; empty if it did not say
/// @param retryAfter the header as it came; empty if there was none
/// @param body as much of it as was taken
/// @param headers looks a header up, whatever the case of its name
public record HttpResponse(
    int status,
    String statusText,
    String contentType,
    String retryAfter,
    Bytes body,
    Function<String, @Nullable String> headers) {
  public boolean successful() {
    return status >= 200 && status < 300;
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.apply(name));
  }

  /// What `Retry-After` asks for, in seconds or as a date; zero if it is neither or past.
  public Duration delay(Instant now) {
    var text = retryAfter.strip();
    if (text.isEmpty()) {
      return Duration.ZERO;
    }
    try {
      return Duration.ofSeconds(Math.max(0, Integer.parseInt(text)));
    } catch (NumberFormatException _) {
      return until(text, now);
    }
  }

  private static Duration until(String date, Instant now) {
    try {
      var at = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO;
    } catch (DateTimeParseException _) {
      return Duration.ZERO;
    }
  }
}
