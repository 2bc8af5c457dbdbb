package io.sluice.receivers.otlp;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.sluice.component.Loops;
import io.sluice.component.Receiver;
import io.sluice.component.ReceiverFactory;
import io.sluice.data.Signal;
import io.sluice.testkit.ReceiverContract;
import io.sluice.transport.TransportLoops;
import io.sluice.transport.grpc.GrpcMessage;
import io.sluice.transport.grpc.GrpcServerConfig;
import io.sluice.transport.grpc.OtlpMethods;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

class GrpcContractTest extends ReceiverContract<OtlpReceiverConfig> {
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final TransportLoops loops = TransportLoops.of(1, 1);
  private final ServerSocket taken = taken();
  private int port;

  static ServerSocket taken() {
    try {
      return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected void close() throws IOException {
    loops.close();
    taken.close();
  }

  @Override
  protected ReceiverFactory<OtlpReceiverConfig> factory() {
    return new OtlpReceiverFactory();
  }

  @Override
  protected OtlpReceiverConfig config() {
    return at("127.0.0.1:0");
  }

  private static OtlpReceiverConfig at(String endpoint) {
    return new OtlpReceiverConfig(
        new OtlpReceiverConfig.Protocols(
            Optional.of(
                new OtlpReceiverConfig.Grpc(GrpcServerConfig.defaults().withEndpoint(endpoint))),
            Optional.empty()));
  }

  @Override
  protected OtlpReceiverConfig broken() {
    return at("127.0.0.1:" + taken.getLocalPort());
  }

  @Override
  protected String brokenKey() {
    return "protocols::grpc::endpoint: 127.0.0.1:" + taken.getLocalPort();
  }

  @Override
  protected Loops loops() {
    return loops;
  }

  @Override
  protected Answer send(Receiver receiver) throws Exception {
    var addresses = ((OtlpReceiver) receiver).addresses();
    port = addresses.isEmpty() ? port : addresses.getFirst().getPort();
    var channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      var answer =
          ClientCalls.blockingUnaryCall(
              channel,
              OtlpMethods.export(Signal.TRACES),
              CallOptions.DEFAULT.withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS),
              GrpcMessage.plain(Samples.spans(2)));
      return answer.content().isEmpty() ? Answer.TAKEN : Answer.TAKEN_IN_PART;
    } catch (StatusRuntimeException e) {
      var trailers = e.getTrailers();
      if (trailers != null && trailers.containsKey(DETAILS)) {
        return Answer.AGAIN_LATER;
      }
      return String.valueOf(e.getStatus().getDescription()).contains("io exception")
          ? Answer.NONE
          : Answer.NEVER_AGAIN;
    } finally {
      channel.shutdownNow();
    }
  }
}
