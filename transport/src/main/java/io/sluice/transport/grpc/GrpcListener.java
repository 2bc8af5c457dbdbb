package io.sluice.transport.grpc;

import io.grpc.HandlerRegistry;
import io.grpc.Server;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.sluice.component.ComponentContext;
import io.sluice.component.Loop;
import io.sluice.transport.Endpoint;
import io.sluice.transport.GrpcLoop;
import io.sluice.transport.Network;
import io.sluice.transport.door.Crowd;
import io.sluice.transport.door.GrpcEntrance;
import io.sluice.transport.tls.GrpcTls;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/// A gRPC server on the gateway's gRPC loops. A call's listener runs on the loop that read it.
public final class GrpcListener {
  private static final int READ_BYTES_MAX = 64 << 10;
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int METADATA_BYTES_MAX = 64 << 10;
  private static final int STREAMS_MAX = 1000;

  /// Until TLS is agreed upon.
  private static final Duration HANDSHAKE_MAX = Duration.ofSeconds(10);

  /// A connection without calls for so long is asked to leave, unless the settings say otherwise. Who
  /// wants to stay connects anew; who has vanished is found out.
  private static final Duration CONNECTION_IDLE_MAX = Duration.ofMinutes(10);

  private static final int RST_FRAMES_MAX = 200;
  private static final int RST_WINDOW_SECONDS = 30;
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  /// They write a stack trace for each message or connection a sender gets wrong, which whoever wants
  /// to can do all day. Such calls are counted instead. Held, as the level is lost with the logger.
  private static final List<Logger> CHATTER =
      Stream.of("NettyServerHandler", "NettyServerStream", "NettyServerTransport.connections")
          .map(name -> Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty." + name))
          .toList();

  private final Server server;
  private final GrpcEntrance entrance;
  private final Loop home;

  private GrpcListener(Server server, GrpcEntrance entrance, Loop home) {
    this.server = server;
    this.entrance = entrance;
    this.home = home;
  }

  /// Binds the address; completes on the component's loop.
  ///
  /// @param tracers told of each call on its loop, also of those that reach no service
  public static Future<GrpcListener> start(
      GrpcServerConfig config,
      ComponentContext context,
      HandlerRegistry services,
      ServerStreamTracer.Factory tracers) {
    CHATTER.forEach(logger -> logger.setLevel(Level.OFF));
    var loops = loopsOf(context);
    return offLoop(context.loop(), () -> address(config))
        .compose(address -> loops.getFirst().doors().entrance(address))
        .compose(entrance ->
            offLoop(
                    context.loop(),
                    () -> {
                      var server =
                          builder(config, loops, entrance, context)
                              .fallbackHandlerRegistry(services)
                              .addStreamTracerFactory(tracers)
                              .addStreamTracerFactory(
                                  new RpcMeters(context.telemetry(), OtlpMethods.names()).server())
                              .build()
                              .start();
                      return new GrpcListener(server, entrance, context.loop());
                    })
                .recover(cause -> entrance.leave().transform(_ -> Future.failedFuture(cause))))
        .recover(cause -> onLoop(context.loop(), cause));
  }

  private static <T> Future<T> onLoop(Loop loop, Throwable cause) {
    Promise<T> promise = Promise.promise();
    loop.execute(() -> promise.fail(cause));
    return promise.future();
  }

  /// None for a unix socket.
  public List<InetSocketAddress> addresses() {
    return entrance.address() instanceof InetSocketAddress address ? List.of(address) : List.of();
  }

  /// Whether another listener may join at this address. It then gets all new connections, and [#stop]
  /// takes leave of those here more slowly.
  public void handOver(boolean givesWay) {
    entrance.handOver(givesWay);
  }

  /// Takes no more calls, lets those under way finish for so long, then cuts.
  public Future<Void> stop(Duration grace) {
    return entrance
        .leave()
        .compose(succeeded -> succeeded ? farewell() : Future.succeededFuture())
        .compose(_ ->
            offLoop(
                home,
                () -> {
                  server.shutdown();
                  if (!server.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                    server.shutdownNow();
                  }
                  return null;
                }));
  }

  /// Who got in last may still be shaking hands, and would be cut.
  private Future<Void> farewell() {
    Promise<Void> over = Promise.promise();
    home.execute(() -> home.schedule(FAREWELL, over::complete));
    return over.future();
  }

  /// All gRPC loops of the process.
  public static List<GrpcLoop> loopsOf(ComponentContext context) {
    return context.loops().all().stream()
        .filter(GrpcLoop.class::isInstance)
        .map(GrpcLoop.class::cast)
        .toList();
  }

  private static NettyServerBuilder builder(
      GrpcServerConfig config,
      List<GrpcLoop> loops,
      GrpcEntrance entrance,
      ComponentContext context)
      throws IOException {
    var group = loops.getFirst().eventLoop().parent();
    long readBytes = config.readBufferSize() == 0 ? READ_BYTES_MAX : config.readBufferSize();
    var crowd = Crowd.of(context, "grpc");
    int readBytesMax = Math.clamp(readBytes, 2048, READ_BYTES_MAX);
    var builder =
        NettyServerBuilder.forAddress(entrance.address())
            .bossEventLoopGroup(entrance.loop())
            .workerEventLoopGroup(group)
            .channelFactory(() -> entrance.channel(crowd))
            .withChildOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(1024, readBytesMax, readBytesMax))
            .directExecutor()
            .compressorRegistry(WireCompression.compressors())
            .decompressorRegistry(WireCompression.decompressors())
            .maxInboundMessageSize(config.messageBytesMax(context.budget()))
            .maxInboundMetadataSize(METADATA_BYTES_MAX)
            .maxRstFramesPerWindow(RST_FRAMES_MAX, RST_WINDOW_SECONDS)
            .flowControlWindow(WINDOW_BYTES)
            .handshakeTimeout(HANDSHAKE_MAX.toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionIdle(CONNECTION_IDLE_MAX.toMillis(), TimeUnit.MILLISECONDS)
            .maxConcurrentCallsPerConnection(
                config.maxConcurrentStreams() == 0
                    ? STREAMS_MAX
                    : (int) Math.min(config.maxConcurrentStreams(), Integer.MAX_VALUE));
    config.keepalive().ifPresent(keepalive -> keepalive(keepalive, builder));
    if (config.tls().isPresent()) {
      builder.sslContext(GrpcTls.server(config.tls().get(), context.clock()));
    }
    return builder;
  }

  private static void keepalive(GrpcServerConfig.Keepalive config, NettyServerBuilder builder) {
    config
        .serverParameters()
        .ifPresent(server -> {
          set(server.maxConnectionIdle(), builder::maxConnectionIdle);
          set(server.maxConnectionAge(), builder::maxConnectionAge);
          set(server.maxConnectionAgeGrace(), builder::maxConnectionAgeGrace);
          set(server.time(), builder::keepAliveTime);
          set(server.timeout(), builder::keepAliveTimeout);
        });
    config
        .enforcementPolicy()
        .ifPresent(policy -> {
          set(policy.minTime(), builder::permitKeepAliveTime);
          builder.permitKeepAliveWithoutCalls(policy.permitWithoutStream());
        });
  }

  private static void set(Duration duration, Setter setter) {
    if (duration.isPositive()) {
      setter.set(duration.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  @FunctionalInterface
  private interface Setter {
    Object set(long time, TimeUnit unit);
  }

  private static SocketAddress address(GrpcServerConfig config) throws IOException {
    return config.transport() == Network.UNIX
        ? new DomainSocketAddress(config.endpoint())
        : Endpoint.parse(config.endpoint()).listenAddress(config.transport());
  }

  /// Netty waits for its own loops when it binds and closes, so that happens on a thread apart.
  private static <T extends @org.jspecify.annotations.Nullable Object> Future<T> offLoop(
      Loop home, java.util.concurrent.Callable<T> work) {
    Promise<T> promise = Promise.promise();
    Thread.ofVirtual()
        .name("sluice-grpc-listener")
        .start(() -> {
          try {
            var result = work.call();
            home.execute(() -> promise.complete(result));
          } catch (Exception e) {
            home.execute(() -> promise.fail(e));
          }
        });
    return promise.future();
  }
}
