package io.sluice.testkit;

import io.sluice.wire.Bytes;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 server on a loopback port that remembers what it is asked and answers by script, also as no
/// server should. Each connection has a thread, in which the script runs: one that waits makes a slow answer.
///
/// @param <R> what a request is to the test
public final class ScriptedServer<R> implements AutoCloseable {
  private static final int BODY_BYTES_MAX = 64 << 20;
  private static final int LINE_BYTES_MAX = 64 << 10;

  /// A script that does not end by then, though interrupted, has failed.
  private static final Duration END_MAX = Duration.ofSeconds(30);

  private final ServerSocket listening;
  private final Function<Request, R> reading;
  private final Script<R> script;
  private final List<R> requests = new CopyOnWriteArrayList<>();
  private final Thread accepting;
  private final Map<Socket, Thread> open = new ConcurrentHashMap<>();
  private volatile @Nullable Throwable failure;

  /// @param target path and query
  /// @param headers by name, whatever its case; of several of one name the last
  public record Request(String method, String target, Map<String, String> headers, Bytes body) {
    public @Nullable String header(String name) {
      return headers.get(name);
    }
  }

  @FunctionalInterface
  public interface Script<R> {
    Answer answer(R request) throws Exception;
  }

  /// @param last whether the connection ends behind it
  public record Answer(Bytes bytes, boolean last) {
    /// The connection ends without a word.
    public static final Answer NONE = new Answer(Bytes.EMPTY, true);

    public static Answer of(int status, Map<String, String> headers, String body) {
      var text = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
      headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
      if (status != 204) {
        text.append("Content-Length: ").append(Bytes.utf8(body).length()).append("\r\n");
      }
      return new Answer(Bytes.utf8(text + "\r\n" + body), false);
    }

    public static Answer of(int status, String body) {
      return of(status, Map.of(), body);
    }

    /// Whatever it is.
    public static Answer raw(String text) {
      return new Answer(Bytes.utf8(text), true);
    }

    /// Its first bytes, then the connection ends.
    public Answer cut(int length) {
      return new Answer(bytes.slice(0, length), true);
    }
  }

  private ScriptedServer(ServerSocket listening, Function<Request, R> reading, Script<R> script) {
    this.listening = listening;
    this.reading = reading;
    this.script = script;
    accepting = Thread.ofVirtual().start(this::accept);
  }

  /// @param reading makes of a request what the test remembers
  public static <R> ScriptedServer<R> plain(Function<Request, R> reading, Script<R> script)
      throws IOException {
    return new ScriptedServer<>(
        new ServerSocket(0, 0, InetAddress.getLoopbackAddress()), reading, script);
  }

  public static <R> ScriptedServer<R> tls(
      SSLContext context, Function<Request, R> reading, Script<R> script) throws IOException {
    var factory = context.getServerSocketFactory();
    return new ScriptedServer<>(
        factory.createServerSocket(0, 0, InetAddress.getLoopbackAddress()), reading, script);
  }

  /// `http://127.0.0.1:PORT`.
  public String endpoint() {
    var scheme = listening instanceof SSLServerSocket ? "https" : "http";
    return scheme + "://127.0.0.1:" + listening.getLocalPort();
  }

  /// In the order in which they were there. The test may take some out.
  public List<R> requests() {
    return requests;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        var socket = listening.accept();
        if (listening.isClosed()) {
          socket.close();
        } else {
          var serving = Thread.ofVirtual().unstarted(() -> serve(socket));
          open.put(socket, serving);
          serving.start();
        }
      } catch (IOException _) {
        // the end
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      for (var request = read(in); request != null; request = read(in)) {
        var answer = answer(request);
        socket.getOutputStream().write(answer.bytes.toArray());
        socket.getOutputStream().flush();
        if (answer.last) {
          return;
        }
      }
    } catch (IOException _) {
      // the client has gone, or the test has ended
    } catch (RuntimeException unreadable) {
      failure = unreadable;
    } finally {
      open.remove(socket);
    }
  }

  private Answer answer(Request request) {
    try {
      var read = reading.apply(request);
      requests.add(read);
      return script.answer(read);
    } catch (InterruptedException e) {
      failure = listening.isClosed() ? failure : e; // a slow answer that nobody waits for any more
      return Answer.NONE;
    } catch (Exception | AssertionError e) {
      failure = e;
      return Answer.NONE;
    }
  }

  /// Null at the end of the connection, and if it does not speak HTTP.
  private static @Nullable Request read(InputStream in) throws IOException {
    in.mark(1);
    int first = in.read();
    if (first < 'A' || first > 'Z') {
      return null;
    }
    in.reset();
    var start = line(in).split(" ");
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return new Request(start[0], start[1], headers, body(in, headers));
  }

  private static Bytes body(InputStream in, Map<String, String> headers) throws IOException {
    if (!"chunked".equals(headers.get("Transfer-Encoding"))) {
      int length = Integer.parseInt(Objects.requireNonNullElse(headers.get("Content-Length"), "0"));
      return Bytes.wrap(exactly(in, length));
    }
    var all = new ByteArrayOutputStream();
    for (int length = -1; length != 0; line(in)) {
      length = Integer.parseInt(line(in), 16);
      all.writeBytes(exactly(in, length));
    }
    return Bytes.wrap(all.toByteArray());
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    var bytes = in.readNBytes(Math.min(length, BODY_BYTES_MAX));
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.size() >= LINE_BYTES_MAX) {
        throw new EOFException();
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  /// Lets go of all who are connected, interrupts the scripts, and fails if one has failed, or a request could not
  /// be read. Then nobody listens any more: the port is free only when whoever accepts has noticed.
  @Override
  public void close() {
    try {
      listening.close();
      accepting.join();
      end(Map.copyOf(open));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    var failed = failure;
    if (failed != null) {
      throw new AssertionError("the script failed", failed);
    }
  }

  private static void end(Map<Socket, Thread> open) throws IOException, InterruptedException {
    for (var each : open.entrySet()) {
      each.getValue().interrupt();
      each.getKey().close();
    }
    for (var serving : open.values()) {
      if (!serving.join(END_MAX)) {
        throw new AssertionError("the script does not end");
      }
    }
  }
}
