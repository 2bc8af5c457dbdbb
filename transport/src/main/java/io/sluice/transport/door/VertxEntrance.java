package io.sluice.transport.door;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import java.net.SocketAddress;

/// An HTTP server's way to the connections of one address.
public final class VertxEntrance {
  private final Doors<Channel>.Entrance entrance;
  private final String name;
  private final Runnable forget;
  private final SocketAddress address;

  VertxEntrance(Doors<Channel>.Entrance entrance, String name, Runnable forget) {
    this.entrance = entrance;
    this.name = name;
    this.forget = forget;
    this.address = entrance.address();
  }

  /// What the server is to listen at instead of a socket's address.
  public io.vertx.core.net.SocketAddress listenAddress() {
    return io.vertx.core.net.SocketAddress.domainSocketAddress(name);
  }

  /// Where the socket is bound.
  public SocketAddress address() {
    return address;
  }

  /// See [Doors.Entrance#handOver].
  public void handOver(boolean givesWay) {
    entrance.handOver(givesWay);
  }

  /// See [Doors.Entrance#leave].
  public Future<Boolean> leave() {
    forget.run();
    return entrance.leave();
  }
}
