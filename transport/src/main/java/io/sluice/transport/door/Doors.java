package io.sluice.transport.door;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Who is behind which bound socket.
///
/// At an address there is one socket and a row of entrances. What is accepted goes to the entrance that
/// was opened last. Another may be added only while all that are there give way, which they do from
/// [Entrance#handOver] on; the socket is closed when the last has left. Where a wider or narrower address
/// is wanted at a port whose holders give way (`127.0.0.1:4317`, then `:4317`), the system allows but one
/// of the two sockets: that of the old holders is closed, and opened again if the new one leaves before
/// them.
///
/// Confined to the loop that accepts, but for what says otherwise.
///
/// @param <C> an accepted connection
public final class Doors<C> {
  private final Executor loop;
  private final Opener<C> opener;
  private final List<Door> doors = new ArrayList<>();

  /// A bound socket.
  interface Socket {
    SocketAddress address();

    /// Begins to accept; connections made before that have waited.
    void accept();

    Future<Void> close();
  }

  /// Binds sockets. Fails with a [BindException] if the address is taken.
  interface Opener<C> {
    Future<Socket> open(SocketAddress address, Consumer<C> accepted);
  }

  Doors(Executor loop, Opener<C> opener) {
    this.loop = loop;
    this.opener = opener;
  }

  /// Binds the address, or joins those who give way there. Any thread; completes on the loop.
  Future<Entrance> entrance(SocketAddress address) {
    var promise = Promise.<Entrance>promise();
    loop.execute(() -> enter(address).onComplete(promise));
    return promise.future();
  }

  private Future<Entrance> enter(SocketAddress address) {
    for (var door : doors) {
      if (door.socket != null && door.asked.equals(address) && !anyPort(address)) {
        return door.givesWay()
            ? Future.succeededFuture(door.enter())
            : Future.failedFuture(new BindException("Address already in use"));
      }
    }
    var door = new Door(address);
    return door.open()
        .recover(cause -> insteadOfRivals(door, cause))
        .map(_ -> {
          doors.add(door);
          return door.enter();
        });
  }

  private Future<Void> insteadOfRivals(Door door, Throwable cause) {
    var rivals = doors.stream().filter(other -> other.isRivalOf(door.asked)).toList();
    if (!(cause instanceof BindException) || rivals.isEmpty()) {
      return Future.failedFuture(cause);
    }
    door.displaced.addAll(rivals);
    Future<Void> done = Future.succeededFuture();
    for (var rival : rivals) {
      done = done.compose(_ -> rival.shut());
    }
    return done.compose(_ -> door.open())
        .recover(again -> door.restore().transform(_ -> Future.failedFuture(again)));
  }

  private static boolean anyPort(SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getPort() == 0;
  }

  private final class Door {
    private final SocketAddress asked;
    private final List<Entrance> entrances = new ArrayList<>();
    private final List<Door> displaced = new ArrayList<>();
    private @Nullable Socket socket;

    Door(SocketAddress asked) {
      this.asked = asked;
    }

    Future<Void> open() {
      return opener
          .open(asked, this::accepted)
          .map(bound -> {
            socket = bound;
            return null;
          });
    }

    Entrance enter() {
      var entrance = new Entrance(this);
      entrances.add(entrance);
      return entrance;
    }

    boolean givesWay() {
      return entrances.stream().allMatch(entrance -> entrance.givesWay);
    }

    boolean isRivalOf(SocketAddress other) {
      return socket != null
          && givesWay()
          && asked instanceof InetSocketAddress a
          && other instanceof InetSocketAddress b
          && a.getPort() == b.getPort();
    }

    private void accepted(C connection) {
      for (var entrance : entrances.reversed()) {
        var server = entrance.server;
        if (server != null) {
          server.accept(connection);
          return;
        }
      }
      throw new IllegalStateException("a connection at " + asked + ", where nobody is");
    }

    Future<Void> shut() {
      var open = socket;
      socket = null;
      return open == null ? Future.succeededFuture() : open.close();
    }

    /// Whom this displaced may come back, if they are still there.
    Future<Void> restore() {
      Future<Void> done = Future.succeededFuture();
      for (var door : displaced) {
        if (!door.entrances.isEmpty() && door.socket == null) {
          done = done.compose(_ -> door.open()).onSuccess(_ -> door.acceptIfServed());
        }
      }
      displaced.clear();
      return done;
    }

    void acceptIfServed() {
      var open = socket;
      if (open != null && entrances.stream().anyMatch(entrance -> entrance.server != null)) {
        open.accept();
      }
    }

    Future<Boolean> leave(Entrance entrance) {
      entrance.server = null;
      if (!entrances.remove(entrance)) {
        return Future.succeededFuture(false);
      }
      if (!entrances.isEmpty()) {
        return Future.succeededFuture(true);
      }
      doors.remove(this);
      return shut().compose(_ -> restore()).map(false);
    }
  }

  /// One server's way to the connections of an address.
  public final class Entrance {
    private final Door door;
    private @Nullable Consumer<C> server;
    private volatile boolean givesWay;

    private Entrance(Door door) {
      this.door = door;
    }

    /// From now on, connections come here. On the loop.
    void open(Consumer<C> server) {
      this.server = server;
      door.acceptIfServed();
    }

    /// Where the socket is bound; while it is displaced, where it was asked to be. On the loop.
    SocketAddress address() {
      var socket = door.socket;
      return socket == null ? door.asked : socket.address();
    }

    /// Whether another server may be added. Any thread.
    public void handOver(boolean givesWay) {
      this.givesWay = givesWay;
    }

    /// Nothing more comes here. Any thread, and more than once.
    ///
    /// @return whether somebody else goes on at this address
    public Future<Boolean> leave() {
      var promise = Promise.<Boolean>promise();
      loop.execute(() -> door.leave(this).onComplete(promise));
      return promise.future();
    }

    /// As [#leave], on the loop already.
    void left() {
      door.leave(this);
    }
  }
}
