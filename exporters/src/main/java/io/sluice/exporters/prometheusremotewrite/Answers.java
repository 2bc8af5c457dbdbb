package io.sluice.exporters.prometheusremotewrite;

import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.transport.http.HttpResponse;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// What an answer says of a request. 5xx and, if that is wished, 429 are worth another try; all else is not.
final class Answers {
  /// Versions of Prometheus before 2.43 answer so, and with no other word, though no retry will help.
  private static final Pattern FINAL =
      Pattern.compile(
          "HTTP 500: (too old sample|out of order sample|out of bounds|duplicate sample for timestamp)");

  private static final int REASON_CHARS_MAX = 512;
  private static final String WRITTEN = "X-Prometheus-Remote-Write-%s-Written";
  private static final String SAMPLES = WRITTEN.formatted("Samples");
  private static final String HISTOGRAMS = WRITTEN.formatted("Histograms");
  private static final String EXEMPLARS = WRITTEN.formatted("Exemplars");

  private final boolean retries429;
  private final boolean confirmed;

  /// @param confirmed whether answers have to say how much was written
  Answers(boolean retries429, boolean confirmed) {
    this.retries429 = retries429;
    this.confirmed = confirmed;
  }

  /// How much was written, by what an answer of remote write 2.0 says.
  record Written(OptionalLong samples, OptionalLong histograms, OptionalLong exemplars) {
    static Written of(HttpResponse response) {
      return new Written(
          number(response, SAMPLES), number(response, HISTOGRAMS), number(response, EXEMPLARS));
    }

    private static OptionalLong number(HttpResponse response, String header) {
      try {
        return response.header(header).stream().mapToLong(Long::parseLong).findFirst();
      } catch (NumberFormatException _) {
        return OptionalLong.empty();
      }
    }

    boolean said() {
      return samples.isPresent() || histograms.isPresent();
    }

    long total() {
      return samples.orElse(0) + histograms.orElse(0);
    }
  }

  /// @param sent samples and histograms
  Outcome of(HttpResponse response, long sent, Instant now) {
    if (response.successful()) {
      return confirmed ? delivered(response, sent) : new Outcome.Accepted();
    }
    var reason = reasonOf(response);
    int status = response.status();
    boolean worthIt =
        status == 429
            ? retries429
            : status >= 500 ? !FINAL.matcher(reason).matches() : status < 400;
    if (worthIt) {
      var pressure = status == 429 ? Pressure.THROTTLED : Pressure.UNAVAILABLE;
      return new Outcome.Refused(pressure, response.delay(now), reason);
    }
    return rejected(response, sent, reason);
  }

  /// Who does not speak 2.0 may take it for 1.0, find nothing in it and be content.
  private static Outcome delivered(HttpResponse response, long sent) {
    var written = Written.of(response);
    if (sent == 0) {
      return new Outcome.Accepted();
    }
    if (!written.said()) {
      return new Outcome.Rejected(
          Fault.UNIMPLEMENTED,
          "HTTP "
              + response.status()
              + " without "
              + SAMPLES
              + ": the destination does not speak remote write 2.0"
              + " (expected: protobuf_message: prometheus.WriteRequest)");
    }
    long missing = sent - written.total();
    return missing <= 0
        ? new Outcome.Accepted()
        : new Outcome.Partial(
            missing,
            "HTTP "
                + response.status()
                + ": "
                + written.total()
                + " of "
                + sent
                + " samples were written");
  }

  private Outcome rejected(HttpResponse response, long sent, String reason) {
    long written = confirmed ? Written.of(response).total() : 0;
    if (written > 0) {
      // only exemplars may have been at fault
      return written >= sent ? new Outcome.Accepted() : new Outcome.Partial(sent - written, reason);
    }
    var fault =
        switch (response.status()) {
          case 401 -> Fault.UNAUTHENTICATED;
          case 403 -> Fault.PERMISSION_DENIED;
          case 404, 405, 415 -> Fault.UNIMPLEMENTED;
          case 413 -> Fault.TOO_LARGE;
          case 402, 408, 429 -> Fault.UNKNOWN; // whatever is in the request
          default -> Fault.INVALID;
        };
    return new Outcome.Rejected(fault, reason);
  }

  private static String reasonOf(HttpResponse response) {
    var said = response.body().utf8().strip().replaceAll("\\s+", " ");
    var reason = "HTTP " + response.status() + (said.isEmpty() ? "" : ": " + said);
    return reason.length() <= REASON_CHARS_MAX ? reason : reason.substring(0, REASON_CHARS_MAX);
  }
}
