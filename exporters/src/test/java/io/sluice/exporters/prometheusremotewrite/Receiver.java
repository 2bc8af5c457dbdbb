package io.sluice.exporters.prometheusremotewrite;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
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
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// Takes requests of remote write on a loopback port and answers by script.
final class Receiver implements AutoCloseable {
  static final Answer TAKEN = new Answer(204, Map.of(), "");
  private static final int BODY_BYTES_MAX = 64 << 20;

  private final Protocol protocol;
  private final HttpServer server;
  final List<Request> requests = new CopyOnWriteArrayList<>();
  volatile Function<Request, Answer> script = _ -> TAKEN;

  /// @param text as of [RemoteWriteText]
  record Request(Headers headers, String text, int bytes) {
    /// Samples and native histograms.
    int samples() {
      return (int)
          text.lines().filter(l -> l.startsWith("  sample") || l.startsWith("  histogram")).count();
    }

    /// Times of the samples of each series, by its label `n`.
    Map<String, List<Long>> times() {
      var times = new TreeMap<String, List<Long>>();
      var name = "";
      for (var line : text.lines().toList()) {
        if (line.startsWith("series ")) {
          name = line.replaceAll(".*n=([^ ]+) .*", "$1");
        } else if (line.startsWith("  sample")) {
          var time = Long.valueOf(line.replaceAll(".*@(\\d+).*", "$1"));
          times.computeIfAbsent(name, _ -> new ArrayList<>()).add(time);
        }
      }
      return times;
    }

    List<String> series() {
      return text.lines().filter(l -> l.startsWith("series ")).toList();
    }
  }

  record Answer(int status, Map<String, String> headers, String body) {
    /// As remote write 2.0 asks for it.
    static Answer written(int status, int samples) {
      return new Answer(
          status,
          Map.of(
              "X-Prometheus-Remote-Write-Samples-Written", String.valueOf(samples),
              "X-Prometheus-Remote-Write-Histograms-Written", "0",
              "X-Prometheus-Remote-Write-Exemplars-Written", "0"),
          "");
    }
  }

  Receiver(Protocol protocol) throws IOException {
    this.protocol = protocol;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::take);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/api/v1/write";
  }

  private void take(HttpExchange exchange) throws IOException {
    var body = exchange.getRequestBody().readAllBytes();
    byte[] plain;
    try (var decoder = new Decoder()) {
      plain = decoder.decode(Codec.SNAPPY, Bytes.wrap(body), BODY_BYTES_MAX).toArray();
    }
    var request =
        new Request(
            exchange.getRequestHeaders(), RemoteWriteText.of(protocol, plain), plain.length);
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
