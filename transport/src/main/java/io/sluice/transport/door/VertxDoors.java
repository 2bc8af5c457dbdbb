package io.sluice.transport.door;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.spi.transport.Transport;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The sockets of HTTP servers.
///
/// Vert.x only knows addresses, so each entrance has one that no socket has: that of a unix socket, which
/// [#transport] leads to the entrance of this name.
@SuppressWarnings("FutureReturnValueIgnored") // they are the channel's own
public final class VertxDoors {
  private static final int PAUSE_SECONDS = 1;

  private final Map<String, DoorTransport.Guarded> entrances = new ConcurrentHashMap<>();
  private final AtomicLong count = new AtomicLong();
  private @Nullable EventLoop loop;
  private @Nullable Doors<Channel> doors;

  /// What the Vert.x of these doors has to run on.
  public Transport transport() {
    return new DoorTransport(entrances);
  }

  /// @param acceptor the loop on which Vert.x registers server channels
  public void openOn(EventLoop acceptor) {
    loop = acceptor;
    doors = new Doors<>(acceptor, this::open);
  }

  /// Completes on the loop that accepts.
  ///
  /// @param crowd who may come in
  public Future<VertxEntrance> entrance(SocketAddress address, Crowd crowd) {
    return requireNonNull(doors, "openOn")
        .entrance(address)
        .map(entrance -> {
          var name = "/entrance-" + count.incrementAndGet();
          entrances.put(name, new DoorTransport.Guarded(entrance, crowd));
          return new VertxEntrance(entrance, name, () -> entrances.remove(name));
        });
  }

  private Future<Doors.Socket> open(SocketAddress address, Consumer<Channel> accepted) {
    var promise = Promise.<Doors.Socket>promise();
    try {
      var channel = channel(address);
      channel.config().setAutoRead(false);
      if (!(address instanceof UnixDomainSocketAddress)) {
        channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
      }
      channel.pipeline().addLast(new Acceptor(accepted));
      requireNonNull(loop, "openOn")
          .register(channel)
          .addListener((ChannelFuture registered) -> {
            if (registered.isSuccess()) {
              channel.bind(address).addListener((ChannelFuture bound) -> done(bound, promise));
            } else {
              done(registered, promise);
            }
          });
    } catch (RuntimeException e) {
      promise.fail(e);
    }
    return promise.future();
  }

  private static void done(ChannelFuture step, Promise<Doors.Socket> promise) {
    if (step.isSuccess()) {
      promise.complete(new Bound(step.channel()));
    } else {
      step.channel().close();
      promise.fail(step.cause());
    }
  }

  private static ServerChannel channel(SocketAddress address) {
    if (address instanceof UnixDomainSocketAddress) {
      return new NioServerDomainSocketChannel();
    }
    var family =
        address instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet4Address
            ? SocketProtocolFamily.INET
            : SocketProtocolFamily.INET6;
    return new NioServerSocketChannel(SelectorProvider.provider(), family);
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
      var channel = (Channel) connection;
      if (channel.config() instanceof SocketChannelConfig tcp) {
        tcp.setTcpNoDelay(true);
      }
      accepted.accept(channel);
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
