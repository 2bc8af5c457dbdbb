package io.sluice.transport.door;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketProtocolFamily;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The sockets of gRPC servers.
@SuppressWarnings("FutureReturnValueIgnored") // they are the channel's own
public final class GrpcDoors {
  private static final int PAUSE_SECONDS = 1;
  private static final String IN_USE = "Address already in use";

  private final EventLoop loop;
  private final Doors<Channel> doors;

  /// @param loop accepts; the servers' own channels must be registered there too
  public GrpcDoors(EventLoop loop) {
    this.loop = loop;
    doors = new Doors<>(loop, this::open);
  }

  /// Completes on the loop that accepts.
  public Future<GrpcEntrance> entrance(SocketAddress address) {
    return doors.entrance(address).map(entrance -> new GrpcEntrance(entrance, loop));
  }

  private Future<Doors.Socket> open(SocketAddress address, Consumer<Channel> accepted) {
    var promise = Promise.<Doors.Socket>promise();
    try {
      var channel = channel(address);
      channel.config().setAutoRead(false);
      if (!(address instanceof DomainSocketAddress)) {
        channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
      }
      channel.pipeline().addLast(new Acceptor(accepted));
      loop.register(channel)
          .addListener((ChannelFuture registered) -> {
            if (registered.isSuccess()) {
              channel.bind(address).addListener((ChannelFuture bound) -> done(bound, promise));
            } else {
              done(registered, promise);
            }
          });
    } catch (IOException | RuntimeException e) {
      promise.fail(e);
    }
    return promise.future();
  }

  private static void done(ChannelFuture step, Promise<Doors.Socket> promise) {
    if (step.isSuccess()) {
      promise.complete(new Bound(step.channel()));
    } else {
      step.channel().close();
      promise.fail(inUseOr(step.cause()));
    }
  }

  /// Epoll reports a taken address as an exception of its own.
  private static Throwable inUseOr(Throwable cause) {
    return String.valueOf(cause.getMessage()).contains(IN_USE) ? new BindException(IN_USE) : cause;
  }

  private static ServerChannel channel(SocketAddress address) throws IOException {
    if (address instanceof DomainSocketAddress) {
      if (!Epoll.isAvailable()) {
        throw new IOException("unix sockets need epoll, which is not available here");
      }
      return new EpollServerDomainSocketChannel();
    }
    var family =
        address instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet4Address
            ? SocketProtocolFamily.INET
            : SocketProtocolFamily.INET6;
    return Epoll.isAvailable()
        ? new EpollServerSocketChannel(family)
        : new NioServerSocketChannel(SelectorProvider.provider(), family);
  }

  private record Bound(Channel channel) implements Doors.Socket {
    @Override
    public SocketAddress address() {
      return channel.localAddress();
    }

    @Override
    public void accept() {
      channel.config().setAutoRead(true);
    }

    /// NIO lets go of the address only when its selector has run once more.
    @Override
    public Future<Void> close() {
      var promise = Promise.<Void>promise();
      channel
          .close()
          .addListener(_ ->
              channel.eventLoop().schedule(() -> promise.complete(), 1, TimeUnit.MILLISECONDS));
      return promise.future();
    }
  }

  private static final class Acceptor extends ChannelInboundHandlerAdapter {
    private final Consumer<Channel> accepted;

    Acceptor(Consumer<Channel> accepted) {
      this.accepted = accepted;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object connection) {
      accepted.accept((Channel) connection);
    }

    /// Out of file descriptors, say: what waits is taken when there may be some again.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var config = context.channel().config();
      if (config.isAutoRead()) {
        config.setAutoRead(false);
        context
            .channel()
            .eventLoop()
            .schedule(() -> config.setAutoRead(true), PAUSE_SECONDS, TimeUnit.SECONDS);
      }
    }
  }
}
