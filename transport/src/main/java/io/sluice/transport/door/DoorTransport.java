package io.sluice.transport.door;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFactory;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.spi.transport.Transport;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Vert.x on NIO, with entrances where it thinks that it binds unix sockets.
final class DoorTransport implements Transport {
  private final Map<String, Guarded> entrances;

  DoorTransport(Map<String, Guarded> entrances) {
    this.entrances = entrances;
  }

  /// An entrance and who may come in.
  record Guarded(Doors<Channel>.Entrance entrance, Crowd crowd) {}

  private static final class Name extends SocketAddress {
    private static final long serialVersionUID = 1;

    private final String name;

    Name(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @Override
  public boolean supportsDomainSockets() {
    return true;
  }

  @Override
  public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
    return address.isDomainSocket() ? new Name(address.path()) : Transport.super.convert(address);
  }

  @Override
  public io.vertx.core.net.@Nullable SocketAddress convert(SocketAddress address) {
    return address instanceof UnixDomainSocketAddress unix
        ? io.vertx.core.net.SocketAddress.domainSocketAddress(unix.toString())
        : Transport.super.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return NioIoHandler.newFactory();
  }

  @Override
  @SuppressWarnings("deprecation") // the interface wants it so
  public DatagramChannel datagramChannel(io.netty.channel.socket.InternetProtocolFamily family) {
    return new NioDatagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
    return NioDatagramChannel::new;
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return domainSocket ? NioDomainSocketChannel::new : NioSocketChannel::new;
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return domainSocket ? Virtual::new : NioServerSocketChannel::new;
  }

  private final class Virtual extends AbstractServerChannel {
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private SocketAddress name = new Name("");
    private Doors<Channel>.@Nullable Entrance entrance;
    private volatile boolean closed;

    @Override
    public ChannelConfig config() {
      return config;
    }

    @Override
    protected void doBind(SocketAddress name) throws BindException {
      var found = entrances.get(name.toString());
      if (found == null) {
        throw new BindException("no entrance " + name);
      }
      this.name = name;
      entrance = found.entrance();
      found.entrance().open(new VertxGate(found.crowd(), this::accepted));
    }

    private void accepted(Channel connection) {
      pipeline().fireChannelRead(connection);
      pipeline().fireChannelReadComplete();
    }

    @Override
    protected void doClose() {
      closed = true;
      if (entrance != null) {
        entrance.left();
      }
    }

    @Override
    protected void doBeginRead() {
      // The door reads.
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
      return true;
    }

    @Override
    protected SocketAddress localAddress0() {
      return name;
    }

    @Override
    public boolean isOpen() {
      return !closed;
    }

    @Override
    public boolean isActive() {
      return entrance != null && !closed;
    }
  }
}
