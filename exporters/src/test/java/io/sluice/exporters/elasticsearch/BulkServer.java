package io.sluice.exporters.elasticsearch;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sluice.testkit.Json;
import io.sluice.testkit.OwnCertificate;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Decoder;
import io.sluice.wire.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Takes bulk requests on a loopback port and answers by script.
final class BulkServer implements AutoCloseable {
  static final String CREATED = "{\"create\":{\"status\":201}}";
  private static final int BODY_BYTES_MAX = 64 << 20;

  private final HttpServer server;
  final List<Request> requests = new CopyOnWriteArrayList<>();
  volatile Function<Request, Answer> script = BulkServer::taken;

  /// @param text the lines as they came
  record Request(Headers headers, String uri, String text) {
    List<Map<String, Object>> documents() {
      var lines = text.lines().toList();
      var documents = new ArrayList<Map<String, Object>>();
      for (int i = 1; i < lines.size(); i += 2) {
        documents.add(Json.object(lines.get(i)));
      }
      return documents;
    }

    /// Of log records in mode `otel`.
    List<String> bodies() {
      return documents().stream()
          .map(document -> Json.text(Json.object(document.get("body")).get("text")))
          .toList();
    }
  }

  record Answer(int status, Map<String, String> headers, String body) {}

  BulkServer() throws IOException {
    this(HttpServer.create(), 0);
  }

  /// Over TLS.
  BulkServer(OwnCertificate certificate) throws IOException {
    this(tls(certificate), 0);
  }

  private static HttpServer tls(OwnCertificate certificate) throws IOException {
    var server = HttpsServer.create();
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
    return server;
  }

  private BulkServer(HttpServer unbound, int port) throws IOException {
    server = unbound;
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::take);
    server.start();
  }

  String endpoint() {
    var scheme = server instanceof HttpsServer ? "https" : "http";
    return scheme + "://127.0.0.1:" + server.getAddress().getPort();
  }

  /// Another one at the port of this, which was closed.
  BulkServer again() throws IOException {
    return new BulkServer(HttpServer.create(), server.getAddress().getPort());
  }

  List<String> bodies() {
    return requests.stream().flatMap(request -> request.bodies().stream()).toList();
  }

  static Answer taken(Request request) {
    return items(request, _ -> CREATED);
  }

  /// @param item the answer for a document, by its number in the request
  static Answer items(Request request, Function<Integer, String> item) {
    var items = new ArrayList<String>();
    int documents = request.documents().size();
    for (int i = 0; i < documents; i++) {
      items.add(item.apply(i));
    }
    return answer(200, "{\"items\":[" + items.stream().collect(Collectors.joining(",")) + "]}");
  }

  static String failed(int status, String type, String reason) {
    return "{\"create\":{\"status\":%d,\"error\":{\"type\":\"%s\",\"reason\":\"%s\"}}}"
        .formatted(status, type, reason);
  }

  static Answer answer(int status, String body) {
    return new Answer(status, Map.of(), body);
  }

  private void take(HttpExchange exchange) throws IOException {
    var body = exchange.getRequestBody().readAllBytes();
    if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
      try (var decoder = new Decoder()) {
        body = decoder.decode(Codec.GZIP, Bytes.wrap(body), BODY_BYTES_MAX).toArray();
      }
    }
    var request =
        new Request(
            exchange.getRequestHeaders(),
            exchange.getRequestURI().toString(),
            new String(body, StandardCharsets.UTF_8));
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
