package io.sluice.exporters.otlp;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.sluice.component.ComponentContext;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.DecodeException;
import io.sluice.transport.codec.Decoder;
import io.sluice.transport.grpc.GrpcChannel;
import io.sluice.transport.grpc.GrpcMessage;
import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/// Waits for the end of one call. Comes on the channel's loop, but for what fails before there is a
/// connection.
final class CallListener extends ClientCall.Listener<GrpcMessage> {
  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

  private final ComponentContext context;
  private final Decoder decoder;
  private final Runnable broken;
  private final Promise<Outcome> promise = Promise.promise();
  private @Nullable String encoding;
  private @Nullable GrpcMessage response;

  /// @param broken told that the channel is of no use any more
  CallListener(ComponentContext context, Decoder decoder, Runnable broken) {
    this.context = context;
    this.decoder = decoder;
    this.broken = broken;
  }

  Future<Outcome> outcome() {
    return promise.future();
  }

  @Override
  public void onHeaders(Metadata headers) {
    encoding = headers.get(ENCODING);
  }

  @Override
  public void onMessage(GrpcMessage message) {
    response = message;
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    if (!context.loop().inLoop()) {
      context.loop().execute(() -> onClose(status, trailers));
      return;
    }
    if (status.getCause() instanceof OutOfMemoryError outOfMemory) {
      broken.run();
      promise.complete(Outcome.refused("no memory to send it: " + outOfMemory.getMessage()));
      return;
    }
    promise.complete(status.isOk() ? delivered() : GrpcOutcomes.of(status, trailers));
  }

  private Outcome delivered() {
    if (response == null || response.content().isEmpty()) {
      return new Outcome.Accepted();
    }
    try {
      var outcome = PartialSuccess.of(content(response));
      if (outcome instanceof Outcome.Partial partial) {
        context
            .log()
            .warn(
                "Partial success response",
                "message",
                partial.reason(),
                "dropped_items",
                partial.rejectedItems());
      }
      return outcome;
    } catch (MalformedWireException | DecodeException e) {
      return new Outcome.Rejected(Fault.INTERNAL, "malformed response: " + e.getMessage());
    }
  }

  private Bytes content(GrpcMessage message) {
    var bytes = message.content().flatten();
    if (!message.compressed()) {
      return bytes;
    }
    var codec = Codec.ofGrpcEncoding(String.valueOf(encoding)).orElse(Codec.GZIP);
    return decoder.decode(codec, bytes, GrpcChannel.RESPONSE_BYTES_MAX);
  }
}
