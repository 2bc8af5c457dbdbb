package io.sluice.it;

import io.sluice.testkit.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A real Prometheus 3 that takes remote write.
final class Prometheus implements AutoCloseable {
  private final Path folder;
  private final Ports ports;
  private final Program server;

  private Prometheus(Path folder, Ports ports, Program server) {
    this.folder = folder;
    this.ports = ports;
    this.server = server;
  }

  /// Returns when it answers queries.
  static Prometheus start() {
    var folder = Gateway.newFolder();
    Programs.write(folder.resolve("prometheus.yaml"), resource());
    return start(folder, Ports.of("@web@"));
  }

  /// One that scrapes the target every second, in the format it likes best.
  static Prometheus scraping(int port) {
    var folder = Gateway.newFolder();
    var scrape =
        """
        scrape_configs:
          - {job_name: scraped, honor_labels: true, scrape_interval: 1s, scrape_timeout: 1s,
             static_configs: [{targets: ["127.0.0.1:%d"]}]}
        """
            .formatted(port);
    Programs.write(folder.resolve("prometheus.yaml"), resource() + scrape);
    return start(folder, Ports.of("@web@"));
  }

  private static Prometheus start(Path folder, Ports ports) {
    var arguments =
        List.of(
            "--config.file=" + folder.resolve("prometheus.yaml"),
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--web.listen-address=127.0.0.1:" + ports.get("web"),
            "--web.enable-remote-write-receiver",
            "--web.remote-write-receiver.accepted-protobuf-messages=prometheus.WriteRequest",
            "--web.remote-write-receiver.accepted-protobuf-messages=io.prometheus.write.v2.Request",
            "--enable-feature=exemplar-storage,native-histograms",
            "--log.level=warn");
    var server = Backends.start("prometheus", folder, arguments);
    var prometheus = new Prometheus(folder, ports, server);
    Eventually.happens(prometheus::answers, server::log);
    return prometheus;
  }

  /// SIGKILL, and the end of the process.
  void kill() {
    server.kill();
    Eventually.happens(() -> !server.alive(), () -> "does not die");
  }

  /// Another process with the data and the port of this one, which has ended.
  Prometheus again() {
    return start(folder, ports);
  }

  private static String resource() {
    try (var stream = Prometheus.class.getResourceAsStream("/prometheus.yaml")) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), Programs.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean answers() {
    if (!server.alive()) {
      throw new AssertionError("Prometheus ended:\n" + server.log());
    }
    try {
      return Http.get(uri("/-/ready")).status() == 200;
    } catch (UncheckedIOException e) {
      return false; // not listening yet
    }
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + ports.get("web") + path);
  }

  /// Where remote write goes.
  String endpoint() {
    return uri("/api/v1/write").toString();
  }

  /// `data` of an answer of the query API; parameters are name, value, name, value.
  Object query(String call, String... parameters) {
    var query = new StringBuilder();
    for (int i = 0; i < parameters.length; i += 2) {
      query
          .append(i == 0 ? "?" : "&")
          .append(parameters[i])
          .append('=')
          .append(URLEncoder.encode(parameters[i + 1], Programs.UTF_8));
    }
    var answer = Http.get(uri("/api/v1/" + call + query));
    if (answer.status() != 200) {
      throw new AssertionError(call + query + ": " + answer.status() + " " + answer.text());
    }
    return Objects.requireNonNull(Json.object(answer.text()).get("data"));
  }

  /// What an instant query selects: each a `metric` with `value`, `values`, `histogram` or `histograms`.
  List<Map<String, Object>> select(String expression, long timeSeconds) {
    var data =
        Json.object(query("query", "query", expression, "time", String.valueOf(timeSeconds)));
    return Json.list(data.get("result")).stream().map(Json::object).toList();
  }

  String log() {
    return server.log();
  }

  @Override
  public void close() {
    server.kill();
  }
}
