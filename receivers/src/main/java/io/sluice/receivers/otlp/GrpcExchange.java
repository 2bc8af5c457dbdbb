package io.sluice.receivers.otlp;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.sluice.component.Loop;
import io.sluice.data.Frame;
import io.sluice.data.Lease;
import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import io.sluice.transport.RpcStatus;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.DecodeException;
import io.sluice.transport.grpc.GrpcMessage;
import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One call: room is reserved, the message asked for, handed on, answered. gRPC
/// hands the message over when the client has closed its half, and ends calls with a second one.
final class GrpcExchange extends ServerCall.Listener<GrpcMessage> {
  /// How long the whole message may take once there is room for it: gRPC shows no part of it earlier.
  static final Duration MESSAGE_MAX = Duration.ofSeconds(30);

  /// How long room is kept for a message of the expected size. Less than others wait for it.
  static final Duration SILENCE_MAX = Duration.ofMillis(250);

  private static final String NO_ROOM = "too many bytes in flight";

  private final GrpcIntake intake;
  private final Signal signal;
  private final ServerCall<GrpcMessage, GrpcMessage> call;
  private final Metadata headers;
  private Map<String, String> identity = Map.of();
  private Set<String> proofs = Set.of();
  private Loop.Timer wait = () -> {};
  private Loop.Timer overdue = () -> {};
  private @Nullable Lease reserved;
  private long reservedBytes;
  private long arrivedBytes;
  private boolean received;
  private boolean halfClosed;
  private boolean closed;

  GrpcExchange(
      GrpcIntake intake,
      Signal signal,
      ServerCall<GrpcMessage, GrpcMessage> call,
      Metadata headers) {
    this.intake = intake;
    this.signal = signal;
    this.call = call;
    this.headers = headers;
  }

  /// Before it is authenticated.
  void proofs(Set<String> proofs) {
    this.proofs = proofs;
  }

  /// May come on any thread, as an authenticator may ask somebody else.
  void authenticated(@Nullable Map<String, String> known, @Nullable Throwable failure) {
    if (!intake.loop().inLoop()) {
      intake.loop().execute(() -> authenticated(known, failure));
    } else if (failure == null) {
      identity = known == null ? Map.of() : known;
      admit();
    } else if (failure instanceof AuthException auth && auth.isPassing()) {
      intake.common.rejected(Reason.NO_ROOM);
      close(intake.answers.of(unavailable(String.valueOf(failure.getMessage()))));
    } else {
      intake.common.rejected(Reason.UNAUTHENTICATED);
      close(RpcStatus.of(RpcStatus.Code.UNAUTHENTICATED, String.valueOf(failure.getMessage())));
    }
  }

  void admit() {
    if (closed || halfClosed) {
      onHalfClose();
      return;
    }
    reservedBytes = intake.admission.expectedBytes();
    wait = intake.admission.reserve(reservedBytes, this::admitted);
  }

  /// A part of the message is here. gRPC keeps it until the rest has come, which a sender may never send.
  void arrived(long bytes) {
    arrivedBytes += bytes;
    if (arrivedBytes > reservedBytes && reserved != null) {
      enlarge(reserved);
    }
  }

  /// Not to be ended from within what gRPC is doing with these bytes.
  private void enlarge(Lease reservation) {
    long wanted = Math.max(arrivedBytes, Math.min(2 * arrivedBytes, intake.messageBytesMax));
    var larger = intake.admission.enlarge(reservation, wanted - reservedBytes, arrivedBytes);
    if (larger == null) {
      intake
          .loop()
          .execute(() -> {
            if (!received) { // the last part may have made it whole meanwhile
              refuseForRoom();
            }
          });
    } else {
      reserved = larger;
      reservedBytes = wanted;
    }
  }

  private void admitted(@Nullable Lease lease) {
    if (lease == null) {
      refuseForRoom();
      return;
    }
    reserved = lease;
    overdue = intake.loop().schedule(SILENCE_MAX, this::silent);
    call.request(1);
  }

  /// What does not come may not keep others' room: a message that has hardly begun has to find it again.
  private void silent() {
    if (received || closed) {
      return;
    }
    if (reserved != null && 2 * arrivedBytes < reservedBytes) {
      reserved = intake.admission.shrink(reserved, arrivedBytes);
      reservedBytes = 2 * arrivedBytes;
    }
    overdue = intake.loop().schedule(MESSAGE_MAX.minus(SILENCE_MAX), this::late);
  }

  private void late() {
    if (!received && !closed) {
      intake.common.rejected(Reason.INCOMPLETE);
      close(intake.answers.of(unavailable("no message within " + MESSAGE_MAX)));
    }
  }

  @Override
  public void onMessage(GrpcMessage message) {
    if (received || closed) {
      return;
    }
    received = true;
    overdue.cancel();
    try {
      take(message);
    } catch (DecodeException e) {
      intake.common.rejected(e.tooLarge() ? Reason.TOO_LARGE : Reason.BAD_COMPRESSION);
      int code = e.tooLarge() ? RpcStatus.Code.RESOURCE_EXHAUSTED : RpcStatus.Code.INTERNAL;
      close(RpcStatus.of(code, String.valueOf(e.getMessage())));
    } catch (MalformedWireException e) {
      intake.common.rejected(Reason.MALFORMED);
      close(RpcStatus.of(RpcStatus.Code.INTERNAL, "malformed request: " + e.getMessage()));
    } catch (RuntimeException bug) {
      intake.common.failed(bug);
      close(RpcStatus.of(RpcStatus.Code.INTERNAL, "internal error"));
    }
  }

  private void take(GrpcMessage message) {
    var content = message.content().flatten();
    Frame frame = null;
    if (message.compressed()) {
      var codec = Codec.ofGrpcEncoding(String.valueOf(headers.get(GrpcHeaders.ENCODING)));
      frame = new Frame(codec.orElseThrow().toString(), content);
      content = intake.decoder.decode(codec.get(), content, intake.messageBytesMax);
    }
    var lease = settle(held(content) + (frame == null ? 0 : held(frame.bytes())));
    if (lease != null) {
      lease.owns(content.sharedArray());
      if (frame != null) {
        lease.owns(frame.bytes().sharedArray());
      }
      handOn(content, frame, lease);
    }
  }

  /// Arrays of the pool are somewhat larger than what is in them.
  private static long held(Bytes bytes) {
    return bytes.sharedArray().length;
  }

  private @Nullable Lease settle(long bytes) {
    var reservation = reserved == null ? Lease.NONE : reserved;
    reserved = null;
    var lease = intake.admission.settle(reservation, bytes);
    if (lease == null) {
      refuseForRoom();
    }
    return lease;
  }

  private void handOn(Bytes otlp, @Nullable Frame frame, Lease lease) {
    try {
      var origin = intake.originOf(call, headers, identity, proofs);
      intake
          .common
          .accept(signal, otlp, frame, origin, lease)
          .onComplete((outcome, _) -> answer(outcome, lease));
    } catch (MalformedWireException e) {
      lease.close();
      throw e;
    }
  }

  private void answer(@Nullable Outcome outcome, Lease lease) {
    try {
      switch (outcome) {
        case null -> {
          lease.abandon();
          close(RpcStatus.of(RpcStatus.Code.INTERNAL, "internal error"));
        }
        case Outcome.Accepted _ -> reply(GrpcMessage.EMPTY);
        case Outcome.Partial partial -> reply(GrpcMessage.plain(Answers.partialSuccess(partial)));
        case Outcome.Rejected rejected -> close(intake.answers.of(rejected));
        case Outcome.Refused refused -> close(intake.answers.of(refused));
      }
    } finally {
      lease.close();
    }
  }

  private void reply(GrpcMessage response) {
    if (closed) {
      return;
    }
    closed = true;
    var encoding = headers.get(GrpcHeaders.ENCODING);
    if (encoding != null && Codec.ofGrpcEncoding(encoding).isPresent()) {
      call.setCompression(encoding);
    }
    call.sendHeaders(new Metadata());
    call.setMessageCompression(response.compressed());
    call.sendMessage(response);
    call.close(Status.OK, new Metadata());
  }

  private void refuseForRoom() {
    if (!closed) {
      intake.common.rejected(Reason.NO_ROOM);
      close(intake.answers.of(unavailable(NO_ROOM)));
    }
  }

  private static Outcome.Refused unavailable(String why) {
    return new Outcome.Refused(Outcome.Pressure.UNAVAILABLE, Duration.ZERO, why);
  }

  /// The details go along if there is a delay to tell: without them a client reads the code alone.
  private void close(RpcStatus status) {
    release();
    if (closed) {
      return;
    }
    closed = true;
    var trailers = new Metadata();
    if (status.retryDelay() != null) {
      trailers.put(GrpcHeaders.STATUS_DETAILS, status.toProtobuf().toArray());
    }
    call.close(
        Status.fromCodeValue(status.code())
            .withDescription(status.message())
            .withCause(new GrpcStream.Counted()),
        trailers);
  }

  @Override
  public void onHalfClose() {
    halfClosed = true;
    if (!received && !closed) {
      intake.common.rejected(Reason.INCOMPLETE);
      close(RpcStatus.of(RpcStatus.Code.INTERNAL, "call without a message"));
    }
  }

  @Override
  public void onCancel() {
    closed = true;
    release();
  }

  private void release() {
    wait.cancel();
    overdue.cancel();
    if (reserved != null) {
      reserved.close();
      reserved = null;
    }
  }
}
