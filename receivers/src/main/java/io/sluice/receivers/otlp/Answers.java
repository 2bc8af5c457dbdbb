package io.sluice.receivers.otlp;

import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import io.sluice.transport.JsonText;
import io.sluice.transport.RpcStatus;
import io.sluice.transport.RpcStatus.Code;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// What a sender is told of an outcome. A status has a delay exactly if a retry may help: OTLP senders
/// drop what a server refuses as exhausted without saying when to come back.
final class Answers {
  private static final int PARTIAL_SUCCESS = 1;
  private static final int REJECTED = 1;
  private static final int ERROR_MESSAGE = 2;
  private static final Duration DELAY_MIN = Duration.ofSeconds(1);
  private static final int JITTER_MS = 2000;

  private final RandomGenerator random;

  Answers(RandomGenerator random) {
    this.random = random;
  }

  RpcStatus of(Outcome.Rejected rejected) {
    return RpcStatus.of(
        switch (rejected.fault()) {
          case INVALID -> Code.INVALID_ARGUMENT;
          case TOO_LARGE -> Code.RESOURCE_EXHAUSTED;
          case UNAUTHENTICATED -> Code.UNAUTHENTICATED;
          case PERMISSION_DENIED -> Code.PERMISSION_DENIED;
          case UNIMPLEMENTED -> Code.UNIMPLEMENTED;
          case INTERNAL -> Code.INTERNAL;
          case UNKNOWN -> Code.UNKNOWN;
        },
        rejected.reason());
  }

  RpcStatus of(Outcome.Refused refused) {
    return new RpcStatus(
        switch (refused.pressure()) {
          case UNAVAILABLE -> Code.UNAVAILABLE;
          case THROTTLED -> Code.RESOURCE_EXHAUSTED;
        },
        refused.reason(),
        delay(refused.retryAfter()));
  }

  /// Where nobody said how long, senders are spread out.
  private Duration delay(Duration asked) {
    return asked.isPositive() ? asked : DELAY_MIN.plusMillis(random.nextInt(JITTER_MS));
  }

  /// An export response with `partial_success`; the fields are the same for all signals.
  static Bytes partialSuccess(Outcome.Partial partial) {
    var out = new WireWriter();
    int message = out.open(PARTIAL_SUCCESS);
    if (partial.rejectedItems() != 0) {
      out.varint(REJECTED, partial.rejectedItems());
    }
    if (!partial.reason().isEmpty()) {
      out.bytes(ERROR_MESSAGE, Bytes.utf8(partial.reason()));
    }
    out.close(message);
    return out.take();
  }

  static Bytes partialSuccessJson(Signal signal, Outcome.Partial partial) {
    var json = new StringBuilder("{\"partialSuccess\":{");
    if (partial.rejectedItems() != 0) {
      var name =
          switch (signal) {
            case TRACES -> "rejectedSpans";
            case METRICS -> "rejectedDataPoints";
            case LOGS -> "rejectedLogRecords";
            case PROFILES -> "rejectedProfiles";
          };
      json.append('"').append(name).append("\":\"").append(partial.rejectedItems()).append('"');
    }
    if (!partial.reason().isEmpty()) {
      json.append(partial.rejectedItems() != 0 ? "," : "").append("\"errorMessage\":");
      JsonText.quote(partial.reason(), json);
    }
    return Bytes.utf8(json.append("}}").toString());
  }

  /// A status without a delay must not look like one that asks for a retry.
  static int httpStatusOf(RpcStatus status) {
    return switch (status.code()) {
      case Code.INVALID_ARGUMENT -> 400;
      case Code.UNAUTHENTICATED -> 401;
      case Code.PERMISSION_DENIED -> 403;
      case Code.UNIMPLEMENTED -> 404;
      case Code.RESOURCE_EXHAUSTED -> status.retryDelay() == null ? 413 : 429;
      case Code.UNAVAILABLE -> 503;
      default -> 500;
    };
  }

  /// Whole seconds, and never so few that the sender comes too early.
  static String retryAfter(Duration delay) {
    long seconds = delay.plusNanos(999_999_999).toSeconds();
    return String.valueOf(Math.max(1, seconds));
  }
}
