package io.sluice.transport.door;

import io.grpc.netty.shaded.io.netty.channel.AbstractServerChannel;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelConfig;
import io.grpc.netty.shaded.io.netty.channel.DefaultChannelConfig;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.vertx.core.Future;
import java.net.SocketAddress;

/// A gRPC server's way to the connections of one address.
public final class GrpcEntrance {
  private final Doors<Channel>.Entrance entrance;
  private final EventLoop loop;
  private final SocketAddress address;

  GrpcEntrance(Doors<Channel>.Entrance entrance, EventLoop loop) {
    this.entrance = entrance;
    this.loop = loop;
    this.address = entrance.address();
  }

  /// The loop to register [#channel] on.
  public EventLoop loop() {
    return loop;
  }

  /// Where the socket is bound.
  public SocketAddress address() {
    return address;
  }

  /// What the server is to bind instead of a socket.
  ///
  /// @param crowd who may come in
  public ServerChannel channel(Crowd crowd) {
    return new Virtual(crowd);
  }

  /// See [Doors.Entrance#handOver].
  public void handOver(boolean givesWay) {
    entrance.handOver(givesWay);
  }

  /// See [Doors.Entrance#leave].
  public Future<Boolean> leave() {
    return entrance.leave();
  }

  private final class Virtual extends AbstractServerChannel {
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final GrpcGate gate;
    private boolean bound;
    private volatile boolean closed;

    Virtual(Crowd crowd) {
      gate = new GrpcGate(crowd, this::accepted);
    }

    @Override
    public ChannelConfig config() {
      return config;
    }

    @Override
    protected void doBind(SocketAddress ignored) {
      bound = true;
      entrance.open(gate);
    }

    private void accepted(Channel connection) {
      pipeline().fireChannelRead(connection);
      pipeline().fireChannelReadComplete();
    }

    @Override
    protected void doClose() {
      closed = true;
      entrance.left();
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
      return address;
    }

    @Override
    public boolean isOpen() {
      return !closed;
    }

    @Override
    public boolean isActive() {
      return bound && !closed;
    }
  }
}
