package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.receivers.otlp.OtlpReceiverConfig.Grpc;
import io.sluice.receivers.otlp.OtlpReceiverConfig.Protocols;
import io.sluice.transport.grpc.GrpcServerConfig;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OtlpReceiverFactoryTest {
  private static OtlpReceiverConfig config(Grpc grpc) {
    return new OtlpReceiverConfig(
        new Protocols(Optional.of(grpc), Optional.of(OtlpHttpConfig.defaults())));
  }

  private static Grpc large() {
    var server = Grpc.defaults().server();
    return new Grpc(
        new GrpcServerConfig(
            server.endpoint(),
            server.transport(),
            server.tls(),
            64,
            server.maxConcurrentStreams(),
            server.readBufferSize(),
            server.writeBufferSize(),
            server.keepalive(),
            server.auth(),
            server.includeMetadata(),
            server.middlewares()));
  }

  @Test
  void onlyWrittenMessageSizesMustFitIntoMemory() {
    var factory = new OtlpReceiverFactory();
    assertThat(factory.bytesAtOnce(config(Grpc.defaults()))).isEmpty();
    assertThat(factory.bytesAtOnce(config(large())))
        .isEqualTo(Map.of("protocols::grpc::max_recv_msg_size_mib", 64L << 20));
  }
}
