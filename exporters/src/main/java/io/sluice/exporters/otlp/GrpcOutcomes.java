package io.sluice.exporters.otlp;

import io.grpc.Metadata;
import io.grpc.Status;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.telemetry.Why;
import io.sluice.transport.RpcStatus;
import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a call's status says of its batch: the table of the OTLP specification.
final class GrpcOutcomes {
  private static final Metadata.Key<byte[]> STATUS_DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /// What gRPC says of any failed connection; its cause says more.
  private static final String NO_WORDS = "io exception";

  private static final int REASON_CHARS_MAX = 512;

  private GrpcOutcomes() {}

  static Outcome of(Status status, @Nullable Metadata trailers) {
    var delay = delayOf(trailers);
    var reason = reasonOf(status);
    return switch (status.getCode()) {
      case OK -> new Outcome.Accepted();
      case CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS ->
          new Outcome.Refused(Pressure.UNAVAILABLE, delay == null ? Duration.ZERO : delay, reason);
      case RESOURCE_EXHAUSTED ->
          delay == null
              ? new Outcome.Rejected(Fault.TOO_LARGE, reason)
              : new Outcome.Refused(Pressure.THROTTLED, delay, reason);
      case INVALID_ARGUMENT -> new Outcome.Rejected(Fault.INVALID, reason);
      case UNAUTHENTICATED -> new Outcome.Rejected(Fault.UNAUTHENTICATED, reason);
      case PERMISSION_DENIED -> new Outcome.Rejected(Fault.PERMISSION_DENIED, reason);
      case UNIMPLEMENTED -> new Outcome.Rejected(Fault.UNIMPLEMENTED, reason);
      case INTERNAL -> new Outcome.Rejected(Fault.INTERNAL, reason);
      case UNKNOWN, NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION ->
          new Outcome.Rejected(Fault.UNKNOWN, reason);
    };
  }

  private static @Nullable Duration delayOf(@Nullable Metadata trailers) {
    var details = trailers == null ? null : trailers.get(STATUS_DETAILS);
    try {
      return details == null ? null : RpcStatus.parse(Bytes.wrap(details)).retryDelay();
    } catch (MalformedWireException _) {
      return null; // the code alone then counts
    }
  }

  private static String reasonOf(Status status) {
    var text = new StringBuilder(status.getCode().name());
    var description = status.getDescription();
    if (description != null && !description.equals(NO_WORDS)) {
      text.append(": ").append(description);
    }
    if (status.getCause() != null) {
      text.append(": ").append(Why.of(status.getCause()));
    }
    return text.length() <= REASON_CHARS_MAX
        ? text.toString()
        : text.substring(0, REASON_CHARS_MAX);
  }
}
