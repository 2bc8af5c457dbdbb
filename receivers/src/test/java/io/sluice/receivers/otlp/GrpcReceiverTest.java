package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.sluice.pipeline.Outcome;
import io.sluice.transport.RpcStatus;
import io.sluice.transport.grpc.GrpcServerConfig;
import io.sluice.wire.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Against a client with grpc's own codecs and marshallers.
class GrpcReceiverTest {
  private static final String TRACES = "opentelemetry.proto.collector.trace.v1.TraceService/Export";

  private Running running;
  private ManagedChannel channel;

  static OtlpReceiverConfig config() {
    return new OtlpReceiverConfig(
        new OtlpReceiverConfig.Protocols(
            Optional.of(
                new OtlpReceiverConfig.Grpc(
                    GrpcServerConfig.defaults().withEndpoint("127.0.0.1:0"))),
            Optional.empty()));
  }

  @BeforeEach
  void start() throws Exception {
    running = new Running(config());
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", running.port())
            .usePlaintext()
            .maxInboundMetadataSize(1 << 20)
            .build();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow();
    running.close();
  }

  @Test
  void requestReachesThePipelineAsItCame() {
    assertThat(export(Samples.spans(3), CallOptions.DEFAULT)).isEmpty();
    var batch = running.sink.batches.getFirst();
    assertThat(batch.otlp().flatten()).isEqualTo(Samples.spans(3));
    assertThat(batch.items()).isEqualTo(3);
    assertThat(batch.frame()).isNull();
    assertThat(batch.origin().receiver()).isEqualTo("otlp/1");
    assertThat(batch.origin().transport()).isEqualTo("grpc");
    assertThat(batch.origin().peer()).isEqualTo("127.0.0.1");
  }

  @Test
  void compressedRequestKeepsItsFrame() {
    assertThat(export(Samples.spans(50), CallOptions.DEFAULT.withCompression("gzip"))).isEmpty();
    var batch = running.sink.batches.getFirst();
    assertThat(batch.otlp().flatten()).isEqualTo(Samples.spans(50));
    var frame = Objects.requireNonNull(batch.frame());
    assertThat(frame.encoding()).isEqualTo("gzip");
    assertThat(frame.bytes().length()).isLessThan(Samples.spans(50).length());
  }

  @Test
  void emptyRequestIsAcceptedAndGoesNoFurther() {
    assertThat(export(Bytes.EMPTY, CallOptions.DEFAULT)).isEmpty();
    assertThat(running.sink.batches).isEmpty();
  }

  @Test
  void malformedRequestIsAnInternalError() {
    var status = refusal(Bytes.wrap(new byte[] {10, 5, 1}));
    assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(running.sink.batches).isEmpty();
    assertThat(running.counter("sluice_receiver_rejected_requests", "reason", "malformed"))
        .isEqualTo(1);
  }

  @Test
  void signalWithoutPipelineIsUnimplemented() {
    running.signals = Set.of();
    assertThat(refusal(Samples.spans(1)).getStatus().getCode())
        .isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  @Test
  void messageOverTheLimitIsExhaustedWithoutADelay() {
    var refusal = refusal(Bytes.wrap(new byte[(4 << 20) + 1]));
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(hasDetails(refusal)).isFalse();
  }

  @Test
  void bombIsExhaustedWithoutADelay() {
    var refusal =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                export(
                    Bytes.wrap(new byte[64 << 20]), CallOptions.DEFAULT.withCompression("gzip")));
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(hasDetails(refusal)).isFalse();
    assertThat(running.counter("sluice_receiver_rejected_requests", "reason", "too_large"))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID, INVALID_ARGUMENT",
    "TOO_LARGE, RESOURCE_EXHAUSTED",
    "UNAUTHENTICATED, UNAUTHENTICATED",
    "PERMISSION_DENIED, PERMISSION_DENIED",
    "UNIMPLEMENTED, UNIMPLEMENTED",
    "INTERNAL, INTERNAL",
    "UNKNOWN, UNKNOWN"
  })
  void rejectionHasItsCodeAndNoDelay(Outcome.Fault fault, Status.Code code) {
    running.sink.answer(new Outcome.Rejected(fault, "because"));
    var refusal = refusal(Samples.spans(2));
    assertThat(refusal.getStatus().getCode()).isEqualTo(code);
    assertThat(refusal.getStatus().getDescription()).isEqualTo("because");
    assertThat(hasDetails(refusal)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Outcome.Pressure.class)
  void refusalAlwaysSaysWhenToComeBack(Outcome.Pressure pressure) {
    running.sink.answer(new Outcome.Refused(pressure, Duration.ZERO, "full"));
    var refusal = refusal(Samples.spans(2));
    var code =
        switch (pressure) {
          case UNAVAILABLE -> Status.Code.UNAVAILABLE;
          case THROTTLED -> Status.Code.RESOURCE_EXHAUSTED;
        };
    assertThat(refusal.getStatus().getCode()).isEqualTo(code);
    assertThat(details(refusal).code()).isEqualTo(code.value());
    assertThat(details(refusal).retryDelay())
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
  }

  @Test
  void delayThatWasAskedForIsPassedOn() {
    running.sink.answer(
        new Outcome.Refused(Outcome.Pressure.UNAVAILABLE, Duration.ofMillis(7500), "full"));
    assertThat(details(refusal(Samples.spans(1))).retryDelay()).isEqualTo(Duration.ofMillis(7500));
  }

  @Test
  void partialSuccessIsToldInTheResponse() {
    running.sink.answer(new Outcome.Partial(1, "too old"));
    assertThat(export(Samples.spans(3), CallOptions.DEFAULT))
        .isEqualTo(new byte[] {10, 11, 8, 1, 18, 7, 't', 'o', 'o', ' ', 'o', 'l', 'd'});
  }

  private StatusRuntimeException refusal(Bytes request) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> export(request, CallOptions.DEFAULT));
  }

  private static RpcStatus details(StatusRuntimeException refusal) {
    var trailers = Objects.requireNonNull(refusal.getTrailers());
    return RpcStatus.parse(
        Bytes.wrap(Objects.requireNonNull(trailers.get(GrpcHeaders.STATUS_DETAILS))));
  }

  private static boolean hasDetails(StatusRuntimeException refusal) {
    return Objects.requireNonNull(refusal.getTrailers()).containsKey(GrpcHeaders.STATUS_DETAILS);
  }

  private byte[] export(Bytes request, CallOptions options) {
    return ClientCalls.blockingUnaryCall(channel, METHOD, options, request.toArray());
  }

  private static final MethodDescriptor<byte[], byte[]> METHOD =
      MethodDescriptor.newBuilder(new Arrays(), new Arrays())
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName(TRACES)
          .build();

  private static final class Arrays implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
