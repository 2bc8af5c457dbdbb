package io.sluice.it;

import io.sluice.testkit.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// A real Grafana Loki 3 that keeps tenants apart. The tenants `short`, `narrow`, `slow`, `stuck` and `poor` have
/// tighter limits, `wide` has none that a test would reach.
final class Loki implements AutoCloseable {
  private static final long DAY_NS = 86_400_000_000_000L;

  private final Path folder;
  private final Ports ports;
  private final Program server;

  private Loki(Path folder, Ports ports, Program server) {
    this.folder = folder;
    this.ports = ports;
    this.server = server;
  }

  /// What it has of one record.
  ///
  /// @param labels of the stream
  record Entry(
      Map<String, Object> labels, long timeNs, String line, Map<String, Object> metadata) {}

  /// Returns when it is ready.
  static Loki start() {
    var folder = Gateway.newFolder();
    var yaml = resource("/loki.yaml");
    var ports = Ports.of(yaml);
    var text = ports.fill(yaml).replace("%dir%", folder.toString());
    Programs.write(folder.resolve("loki.yaml"), text);
    Programs.write(folder.resolve("tenants.yaml"), resource("/loki-tenants.yaml"));
    return start(folder, ports);
  }

  private static Loki start(Path folder, Ports ports) {
    var server =
        Backends.start("loki", folder, List.of("-config.file=" + folder.resolve("loki.yaml")));
    var loki = new Loki(folder, ports, server);
    Eventually.happens(loki::ready, server::log);
    return loki;
  }

  private static String resource(String name) {
    try (var stream = Loki.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), Programs.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean ready() {
    if (!server.alive()) {
      throw new AssertionError("Loki ended:\n" + server.log());
    }
    try {
      return Http.get(uri("/ready")).status() == 200;
    } catch (UncheckedIOException e) {
      return false; // not listening yet
    }
  }

  /// SIGKILL, and the end of the process.
  void kill() {
    server.kill();
    Eventually.happens(() -> !server.alive(), () -> "does not die");
  }

  /// Another process with the data and the port of this one, which has ended.
  Loki again() {
    return start(folder, ports);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + ports.get("web") + path);
  }

  /// All of the last two days that a selector finds for a tenant, in the order of time.
  List<Entry> select(String tenant, String selector) {
    long now = System.currentTimeMillis() * 1_000_000;
    var query =
        "/loki/api/v1/query_range?direction=forward&limit=20000&start="
            + (now - 2 * DAY_NS)
            + "&end="
            + (now + DAY_NS / 2)
            + "&query="
            + URLEncoder.encode(selector, Programs.UTF_8);
    var answer =
        Http.get(
            uri(query),
            "X-Scope-OrgID",
            tenant,
            "X-Loki-Response-Encoding-Flags",
            "categorize-labels");
    if (answer.status() != 200) {
      throw new AssertionError(query + ": " + answer.status() + " " + answer.text());
    }
    var found = new ArrayList<Entry>();
    var data = Json.object(Json.object(answer.text()).get("data"));
    for (var each : Json.list(data.get("result"))) {
      var labels = new TreeMap<>(Json.object(Json.object(each).get("stream")));
      for (var value : Json.list(Json.object(each).get("values"))) {
        var parts = Json.list(value);
        found.add(
            new Entry(
                labels,
                Long.parseLong(Json.text(parts.get(0))),
                Json.text(parts.get(1)),
                new TreeMap<>(Json.object(Json.object(parts.get(2)).get("structuredMetadata")))));
      }
    }
    found.sort(Comparator.comparingLong(Entry::timeNs));
    return found;
  }

  List<String> lines(String tenant, String selector) {
    return select(tenant, selector).stream().map(Entry::line).toList();
  }

  String log() {
    return server.log();
  }

  @Override
  public void close() {
    server.kill();
  }
}
