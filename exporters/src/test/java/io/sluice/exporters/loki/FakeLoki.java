package io.sluice.exporters.loki;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Decoder;
import io.sluice.wire.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// Takes pushes on a loopback port and answers by script.
final class FakeLoki implements AutoCloseable {
  static final Answer TAKEN = new Answer(204, Map.of(), "");
  private static final int BODY_BYTES_MAX = 64 << 20;
  private static final String PASSWORD = "secret";

  private static final InetSocketAddress LOCAL =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final HttpServer server;
  private final String scheme;
  final List<Request> requests = new CopyOnWriteArrayList<>();
  volatile Function<Request, Answer> script = _ -> TAKEN;

  record Request(String path, Headers headers, List<PushText.Stream> streams, int bytes) {
    String text() {
      var tenant = headers.getFirst("X-Scope-OrgID");
      return (tenant == null ? "" : "tenant " + tenant + "\n") + PushText.of(streams);
    }

    List<String> lines() {
      return streams.stream()
          .flatMap(stream -> stream.entries().stream())
          .map(PushText.Entry::line)
          .toList();
    }
  }

  record Answer(int status, Map<String, String> headers, String body) {}

  FakeLoki() throws IOException {
    this(HttpServer.create(LOCAL, 0), "http");
  }

  private FakeLoki(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::take);
    server.start();
  }

  /// With a certificate that nobody has heard of.
  static FakeLoki unheardOf(Path folder) throws Exception {
    var store = folder.resolve("own.p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException("keytool ended with " + keytool.exitValue());
    }
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    var server = HttpsServer.create(LOCAL, 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new FakeLoki(server, "https");
  }

  String endpoint() {
    return scheme + "://127.0.0.1:" + server.getAddress().getPort();
  }

  List<String> lines() {
    return requests.stream().flatMap(request -> request.lines().stream()).toList();
  }

  private void take(HttpExchange exchange) throws IOException {
    var body = Bytes.wrap(exchange.getRequestBody().readAllBytes());
    var headers = exchange.getRequestHeaders();
    boolean json = "application/json".equals(headers.getFirst("Content-Type"));
    boolean gzip = "gzip".equals(headers.getFirst("Content-Encoding"));
    Bytes plain = body;
    if (!json || gzip) {
      try (var decoder = new Decoder()) {
        plain = decoder.decode(json ? Codec.GZIP : Codec.SNAPPY, body, BODY_BYTES_MAX);
      }
    }
    var streams = json ? PushText.json(plain.utf8()) : PushText.protobuf(plain);
    var request = new Request(exchange.getRequestURI().getPath(), headers, streams, plain.length());
    requests.add(request);
    var answer = script.apply(request);
    answer.headers.forEach(exchange.getResponseHeaders()::set);
    var text = answer.body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status, text.length == 0 ? -1 : text.length);
    exchange.getResponseBody().write(text);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
