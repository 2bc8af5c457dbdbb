package io.sluice.exporters.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.sluice.component.Exporter;
import io.sluice.component.Loop;
import io.sluice.component.Secret;
import io.sluice.data.Batch;
import io.sluice.data.Frame;
import io.sluice.data.Lease;
import io.sluice.data.Origin;
import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.transport.RpcStatus;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Encoder;
import io.sluice.transport.grpc.GrpcClientConfig;
import io.sluice.transport.tls.TlsClientConfig;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.vertx.core.Future;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a server that answers by script, with grpc's own codecs.
class OtlpGrpcExporterTest {
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final Bytes REQUEST = Bytes.wrap(new byte[] {10, 0, 10, 0});
  private static final Batch BATCH = Batch.of(Signal.TRACES, Rope.of(REQUEST), 2);

  private final BlockingQueue<byte[]> requests = new LinkedBlockingQueue<>();
  private final BlockingQueue<Metadata> headers = new LinkedBlockingQueue<>();
  private UnaryOperator<Exporter> surrounding = exporter -> exporter;
  private byte[] response = {};
  private Status status = Status.OK;
  private @Nullable Duration delay;
  private boolean silent;
  private Server server;
  private int port;
  private @Nullable Sending sending;

  @BeforeEach
  void start() throws Exception {
    var method =
        MethodDescriptor.newBuilder(new Arrays(), new Arrays())
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Export")
            .build();
    var service =
        ServerServiceDefinition.builder("opentelemetry.proto.collector.trace.v1.TraceService")
            .addMethod(
                method,
                ServerCalls.<byte[], byte[]>asyncUnaryCall((request, observer) -> {
                  requests.add(request);
                  if (silent) {
                    return;
                  }
                  if (status.isOk()) {
                    observer.onNext(response);
                    observer.onCompleted();
                  } else {
                    observer.onError(status.asRuntimeException(trailers()));
                  }
                }))
            .build();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(
                ServerInterceptors.intercept(
                    service,
                    new io.grpc.ServerInterceptor() {
                      @Override
                      public <Q, R> ServerCall.Listener<Q> interceptCall(
                          ServerCall<Q, R> call,
                          Metadata metadata,
                          io.grpc.ServerCallHandler<Q, R> next) {
                        headers.add(metadata);
                        return next.startCall(call, metadata);
                      }
                    }))
            .build()
            .start();
    port = server.getPort();
  }

  @AfterEach
  void stop() throws Exception {
    if (sending != null) {
      sending.close();
    }
    server.shutdownNow();
  }

  private Metadata trailers() {
    var trailers = new Metadata();
    if (delay != null) {
      var details = new RpcStatus(status.getCode().value(), "later", delay);
      trailers.put(DETAILS, details.toProtobuf().toArray());
    }
    return trailers;
  }

  private Outcome send(Batch batch, String compression) throws Exception {
    return send(batch, compression, Duration.ofSeconds(10), Map.of());
  }

  private Outcome send(Batch batch, String compression, Duration timeout, Map<String, Secret> extra)
      throws Exception {
    return send(batch, compression, timeout, extra, Optional.empty());
  }

  private Outcome send(
      Batch batch,
      String compression,
      Duration timeout,
      Map<String, Secret> extra,
      Optional<GrpcClientConfig.Keepalive> keepalive)
      throws Exception {
    var plain = new TlsClientConfig(TlsClientConfig.defaults().common(), true, false, "");
    var client =
        new GrpcClientConfig(
            "127.0.0.1:" + port,
            compression,
            plain,
            keepalive,
            0,
            0,
            false,
            extra,
            "round_robin",
            "",
            "",
            Optional.empty(),
            List.of());
    var config =
        new OtlpGrpcExporterConfig(
            client, timeout, OtlpGrpcExporterConfig.defaults().retryOnFailure(), Optional.empty());
    sending =
        new Sending(
            Loop.Family.GRPC,
            context -> surrounding.apply(new OtlpGrpcExporter(config, context, Map.of())));
    return sending.send(batch);
  }

  /// As a gRPC receiver calls it that answers at once: the call that came in is over before the one that
  /// goes out.
  private record InsideOfACall(Exporter inner) implements Exporter {
    @Override
    public Future<Void> start() {
      return inner.start();
    }

    @Override
    public Future<Void> stop() {
      return inner.stop();
    }

    @Override
    public Future<Outcome> accept(Batch batch) {
      var call = Context.current().withCancellation();
      var outer = call.attach();
      try {
        return inner.accept(batch);
      } finally {
        call.detachAndCancel(outer, null);
      }
    }
  }

  @Test
  void callGoesOnWhenTheOneThatCameInHasEnded() throws Exception {
    surrounding = InsideOfACall::new;
    assertThat(send(BATCH, "")).isEqualTo(new Outcome.Accepted());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "none", "gzip"})
  void batchArrivesAsItIs(String compression) throws Exception {
    assertThat(send(BATCH, compression)).isEqualTo(new Outcome.Accepted());
    assertThat(requests.take()).isEqualTo(REQUEST.toArray());
  }

  /// Zero is never, and for the timeout grpc's own.
  @ParameterizedTest
  @ValueSource(longs = {0, 60})
  void keepaliveOfZeroStartsAndSends(long seconds) throws Exception {
    var keepalive =
        new GrpcClientConfig.Keepalive(Duration.ofSeconds(seconds), Duration.ZERO, true);
    assertThat(send(BATCH, "", Duration.ofSeconds(10), Map.of(), Optional.of(keepalive)))
        .isEqualTo(new Outcome.Accepted());
  }

  @Test
  void severalPartsArriveJoined() throws Exception {
    var rope = Rope.of(List.of(REQUEST.slice(0, 2), REQUEST.slice(2, 4)));
    assertThat(send(Batch.of(Signal.TRACES, rope, 2), "")).isEqualTo(new Outcome.Accepted());
    assertThat(requests.take()).isEqualTo(REQUEST.toArray());
  }

  /// The frame holds other bytes than the batch, which never happens but shows what was sent.
  @Test
  void frameOfTheSameCodecIsSentAsItCame() throws Exception {
    assertThat(send(framed("gzip"), "gzip")).isEqualTo(new Outcome.Accepted());
    assertThat(requests.take()).isEqualTo(new byte[] {10, 0});
  }

  @Test
  void frameOfAnotherCodecIsNot() throws Exception {
    assertThat(send(framed("zstd"), "gzip")).isEqualTo(new Outcome.Accepted());
    assertThat(requests.take()).isEqualTo(REQUEST.toArray());
  }

  private static Batch framed(String encoding) {
    try (var encoder = Encoder.of(Codec.GZIP, OptionalInt.empty())) {
      var frame = encoder.encode(Rope.of(REQUEST.slice(0, 2)));
      return new Batch(
          Signal.TRACES,
          Rope.of(REQUEST),
          2,
          Origin.UNKNOWN,
          Lease.NONE,
          new Frame(encoding, frame));
    }
  }

  @Test
  void headersAndUserAgentGoAlong() throws Exception {
    send(BATCH, "", Duration.ofSeconds(10), Map.of("X-Tenant", new Secret("blue")));
    var sent = headers.take();
    assertThat(sent.get(Metadata.Key.of("x-tenant", Metadata.ASCII_STRING_MARSHALLER)))
        .isEqualTo("blue");
    assertThat(sent.get(Metadata.Key.of("user-agent", Metadata.ASCII_STRING_MARSHALLER)))
        .startsWith("Sluice/test (linux/");
  }

  @ParameterizedTest
  @CsvSource({
    "CANCELLED",
    "DEADLINE_EXCEEDED",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNAVAILABLE",
    "DATA_LOSS"
  })
  void passingTroubleIsRefusedWithTheDelayThatWasAsked(Status.Code code) throws Exception {
    status = code.toStatus().withDescription("busy");
    delay = Duration.ofSeconds(7);
    assertThat(send(BATCH, ""))
        .isEqualTo(new Outcome.Refused(Pressure.UNAVAILABLE, delay, code + ": busy"));
  }

  @Test
  void exhaustedWithADelayIsThrottled() throws Exception {
    status = Status.RESOURCE_EXHAUSTED;
    delay = Duration.ofMillis(1500);
    assertThat(send(BATCH, ""))
        .isEqualTo(new Outcome.Refused(Pressure.THROTTLED, delay, "RESOURCE_EXHAUSTED"));
  }

  @ParameterizedTest
  @CsvSource({
    "RESOURCE_EXHAUSTED, TOO_LARGE",
    "INVALID_ARGUMENT, INVALID",
    "UNAUTHENTICATED, UNAUTHENTICATED",
    "PERMISSION_DENIED, PERMISSION_DENIED",
    "UNIMPLEMENTED, UNIMPLEMENTED",
    "INTERNAL, INTERNAL",
    "UNKNOWN, UNKNOWN",
    "NOT_FOUND, UNKNOWN",
    "ALREADY_EXISTS, UNKNOWN",
    "FAILED_PRECONDITION, UNKNOWN"
  })
  void lastingTroubleIsRejected(Status.Code code, Fault fault) throws Exception {
    status = code.toStatus();
    assertThat(send(BATCH, "")).isEqualTo(new Outcome.Rejected(fault, code.name()));
  }

  @Test
  void partialSuccessIsPartial() throws Exception {
    response = new byte[] {10, 7, 8, 5, 18, 3, 'o', 'l', 'd'};
    assertThat(send(BATCH, "")).isEqualTo(new Outcome.Partial(5, "old"));
  }

  @Test
  void unreachableDestinationIsRefused() throws Exception {
    server.shutdownNow().awaitTermination();
    assertThat(send(BATCH, "")).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void attemptEndsWithItsTimeout() throws Exception {
    silent = true;
    var outcome = send(BATCH, "", Duration.ofMillis(200), Map.of());
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).startsWith("DEADLINE_EXCEEDED"));
    assertThat(Objects.requireNonNull(requests.poll())).isNotEmpty();
  }

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
