package io.sluice.it.durability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A network between a gateway and its destination that can break; with several destinations, one that
/// balances connections and passes over who does not listen.
final class Proxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  enum Mode {
    PASS,
    /// New connections are reset.
    REFUSE,
    /// Bytes of the gateway arrive nowhere.
    BLACKHOLE,
    /// The destination's answers do not come back: what it took was not seen to be taken.
    SWALLOW
  }

  private final ServerSocket server;
  private final int[] targets;
  private int next;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Mode mode = Mode.PASS;

  /// How often a connection, or bytes on one, met with the present trouble.
  final AtomicLong hits = new AtomicLong();

  Proxy(int... targets) {
    this.targets = targets.clone();
    try {
      server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  void mode(Mode mode) {
    this.mode = mode;
  }

  /// Resets all connections.
  void cut() {
    for (var socket : open) {
      hits.incrementAndGet();
      reset(socket);
    }
  }

  private void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException _) { // closed already
    }
    open.remove(socket);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var client = server.accept();
        if (mode == Mode.REFUSE) {
          hits.incrementAndGet();
          reset(client);
          continue;
        }
        var backend = connect();
        open.add(client);
        open.add(backend);
        Thread.ofPlatform().daemon().start(() -> pump(client, backend, Mode.BLACKHOLE));
        Thread.ofPlatform().daemon().start(() -> pump(backend, client, Mode.SWALLOW));
      } catch (IOException _) { // the next may do, or it is closed
      }
    }
  }

  private Socket connect() throws IOException {
    for (int i = 1; i < targets.length; i++) {
      try {
        return new Socket(InetAddress.getLoopbackAddress(), targets[next++ % targets.length]);
      } catch (IOException _) { // the next one may listen
      }
    }
    return new Socket(InetAddress.getLoopbackAddress(), targets[next++ % targets.length]);
  }

  /// @param lost in this mode
  private void pump(Socket from, Socket to, Mode lost) {
    var buffer = new byte[BUFFER_BYTES];
    try {
      var in = from.getInputStream();
      var out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (mode == lost) {
          hits.incrementAndGet();
        } else {
          out.write(buffer, 0, read);
        }
      }
      to.shutdownOutput(); // it gets all that was sent before
    } catch (IOException _) { // one of them is gone: so is the other
      reset(from);
      reset(to);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException _) { // it ends with the test
    }
    cut();
  }
}
