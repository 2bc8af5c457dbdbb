package io.sluice.exporters.otlp;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Loops;
import io.sluice.component.QueueConfig;
import io.sluice.component.RetryConfig;
import io.sluice.data.Signal;
import io.sluice.data.Validate;
import io.sluice.testkit.ExporterContract;
import io.sluice.transport.TransportLoops;
import io.sluice.transport.grpc.GrpcClientConfig;
import io.sluice.transport.grpc.GrpcMessage;
import io.sluice.transport.grpc.OtlpMethods;
import io.sluice.transport.tls.TlsClientConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;

class OtlpGrpcContractTest extends ExporterContract<OtlpGrpcExporterConfig> {
  private final TransportLoops loops = TransportLoops.of(1, 1);
  private final AtomicInteger items = new AtomicInteger();
  private Server server;

  @BeforeEach
  void open() throws IOException {
    var builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    for (var signal : Signal.values()) {
      builder.addService(
          ServerServiceDefinition.builder(OtlpMethods.serviceOf(signal))
              .addMethod(
                  OtlpMethods.export(signal),
                  ServerCalls.<GrpcMessage, GrpcMessage>asyncUnaryCall((message, answer) -> {
                    var body = message.content().flatten();
                    items.addAndGet(Validate.request(signal, body).items());
                    answer.onNext(GrpcMessage.EMPTY);
                    answer.onCompleted();
                  }))
              .build());
    }
    server = builder.build().start();
  }

  @Override
  protected void close() {
    loops.close();
    server.shutdownNow();
  }

  @Override
  protected ExporterFactory<OtlpGrpcExporterConfig> factory() {
    return new OtlpGrpcExporterFactory();
  }

  @Override
  protected OtlpGrpcExporterConfig config() {
    var plain = new TlsClientConfig(TlsClientConfig.defaults().common(), true, false, "");
    return config(plain);
  }

  @Override
  protected Optional<OtlpGrpcExporterConfig> broken() {
    return Optional.of(config(OtlpHttpContractTest.trusting(brokenPart())));
  }

  @Override
  protected String brokenPart() {
    return OtlpHttpContractTest.NO_SUCH_FILE;
  }

  private OtlpGrpcExporterConfig config(TlsClientConfig tls) {
    var client =
        new GrpcClientConfig(
            "127.0.0.1:" + server.getPort(),
            "none",
            tls,
            Optional.empty(),
            0,
            0,
            false,
            Map.of(),
            "round_robin",
            "",
            "",
            Optional.empty(),
            List.of());
    return new OtlpGrpcExporterConfig(
        client,
        Duration.ofSeconds(30),
        RetryConfig.defaults(),
        Optional.of(QueueConfig.defaults()));
  }

  @Override
  protected Loops loops() {
    return loops;
  }

  @Override
  protected int arrived() {
    return items.get();
  }
}
