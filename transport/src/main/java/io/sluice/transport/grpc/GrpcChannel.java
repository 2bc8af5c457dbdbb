package io.sluice.transport.grpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.sluice.component.ComponentContext;
import io.sluice.transport.GrpcLoop;
import io.sluice.transport.UserAgent;
import io.sluice.transport.tls.GrpcTls;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Channels on one loop: a call made there is written, answered and completed there. They connect when
/// they are first used.
public final class GrpcChannel {
  /// What an answer may hold, compressed or not; OTLP answers are tiny.
  public static final int RESPONSE_BYTES_MAX = 4 << 20;

  private static final int METADATA_BYTES_MAX = 64 << 10;
  private static final int WINDOW_BYTES = 1 << 20;

  private GrpcChannel() {}

  /// A channel by these settings.
  ///
  /// @param environment says whether a proxy stands before the destination
  /// @throws IOException if keys or certificates cannot be read
  public static ManagedChannel open(
      GrpcClientConfig config, ComponentContext context, Map<String, String> environment)
      throws IOException {
    if (!(context.loop() instanceof GrpcLoop loop)) {
      throw new IllegalStateException("a gRPC channel needs a gRPC loop, not " + context.loop());
    }
    var target = GrpcTarget.of(config);
    var builder =
        builder(target)
            .eventLoopGroup(loop.eventLoop())
            .directExecutor()
            .proxyDetector(new EnvironmentProxy(environment))
            .disableRetry()
            .intercept(new RpcMeters(context.telemetry(), OtlpMethods.names()).client())
            .compressorRegistry(WireCompression.compressors())
            .decompressorRegistry(WireCompression.decompressors())
            .maxInboundMessageSize(RESPONSE_BYTES_MAX)
            .maxInboundMetadataSize(METADATA_BYTES_MAX)
            .flowControlWindow(WINDOW_BYTES)
            .userAgent(UserAgent.of(config.userAgent(), context.build()))
            .defaultLoadBalancingPolicy(
                config.balancerName().isEmpty() ? "pick_first" : config.balancerName());
    if (!config.plaintext()) {
      builder.sslContext(GrpcTls.client(config.tls(), context.clock())).useTransportSecurity();
    } else {
      builder.usePlaintext();
    }
    authority(config, builder);
    config.keepalive().ifPresent(keepalive -> keepalive(keepalive, builder));
    return builder.build();
  }

  private static void keepalive(GrpcClientConfig.Keepalive config, NettyChannelBuilder builder) {
    if (config.time().isPositive()) {
      builder
          .keepAliveTime(config.time().toNanos(), TimeUnit.NANOSECONDS)
          .keepAliveWithoutCalls(config.permitWithoutStream());
      if (config.timeout().isPositive()) {
        builder.keepAliveTimeout(config.timeout().toNanos(), TimeUnit.NANOSECONDS);
      }
    }
  }

  private static void authority(GrpcClientConfig config, NettyChannelBuilder builder) {
    if (!config.authority().isEmpty()) {
      builder.overrideAuthority(config.authority());
    } else if (!config.tls().serverNameOverride().isEmpty()) {
      builder.overrideAuthority(config.tls().serverNameOverride());
    }
  }

  private static NettyChannelBuilder builder(GrpcTarget target) throws IOException {
    if (!target.unix()) {
      return NettyChannelBuilder.forTarget(target.address())
          .channelType(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class);
    }
    if (!Epoll.isAvailable()) {
      throw new IOException("unix sockets need epoll, which is not available here");
    }
    return NettyChannelBuilder.forAddress(new DomainSocketAddress(target.address()))
        .overrideAuthority("localhost")
        .channelType(EpollDomainSocketChannel.class);
  }
}
