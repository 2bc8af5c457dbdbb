package io.sluice.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Decoder;
import io.sluice.wire.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/// Answers bulk requests as Elasticsearch does: a status for each document. Counts documents, keeps nothing.
final class BulkSink implements AutoCloseable {
  private static final int BYTES_MAX = 64 << 20;
  private static final String CREATED = "{\"create\":{\"status\":201}}";

  private final LongAdder documents = new LongAdder();
  private final HttpServer http;

  BulkSink() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", this::take);
    http.start();
  }

  int port() {
    return http.getAddress().getPort();
  }

  long documents() {
    return documents.sum();
  }

  private void take(HttpExchange exchange) throws IOException {
    int lines = 0;
    try (var decoder = new Decoder()) {
      var body = Bytes.wrap(exchange.getRequestBody().readAllBytes());
      var plain = decoder.decode(Codec.GZIP, body, BYTES_MAX);
      for (int i = 0; i < plain.length(); i++) {
        lines += plain.at(i) == '\n' ? 1 : 0;
      }
    }
    int count = lines / 2;
    var items = (CREATED + ",").repeat(Math.max(0, count - 1)) + (count == 0 ? "" : CREATED);
    var answer = ("{\"errors\":false,\"items\":[" + items + "]}").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
    documents.add(count);
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
