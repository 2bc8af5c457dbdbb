package io.sluice.it;

import io.sluice.testkit.Json;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A real Elasticsearch or OpenSearch of one node, in a JVM of its own.
final class SearchServer implements AutoCloseable {
  private final String peer;
  private final Path folder;
  private final Ports ports;
  private final Program server;

  private SearchServer(String peer, Path folder, Ports ports, Program server) {
    this.peer = peer;
    this.folder = folder;
    this.ports = ports;
    this.server = server;
  }

  /// Returns when it answers.
  ///
  /// @param peer `elasticsearch`, `opensearch`, or `elasticsearch9`, which is always in a container
  static SearchServer start(String peer) {
    return start(peer, Gateway.newFolder(), Ports.of("@web@ @transport@"));
  }

  private static SearchServer start(String peer, Path folder, Ports ports) {
    var server =
        peer.equals("elasticsearch9") || (peer.equals("opensearch") && Backends.inContainers())
            ? container(peer, folder, ports)
            : process(peer, folder, ports);
    var started = new SearchServer(peer, folder, ports, server);
    Eventually.happens(started::answers, server::log);
    return started;
  }

  /// Settings of both, and what keeps security out of the way in one or the other.
  private static Program container(String peer, Path folder, Ports ports) {
    var settings = new HashMap<String, String>();
    settings.put("discovery.type", "single-node");
    settings.put("network.host", "127.0.0.1");
    settings.put("http.port", String.valueOf(ports.get("web")));
    settings.put("transport.port", String.valueOf(ports.get("transport")));
    settings.put("path.data", folder.resolve("data").toString());
    if (peer.equals("opensearch")) {
      settings.put("DISABLE_SECURITY_PLUGIN", "true");
      settings.put("OPENSEARCH_JAVA_OPTS", "-Xmx512m");
    } else {
      settings.put("xpack.security.enabled", "false");
      settings.put("ES_JAVA_OPTS", "-Xmx512m");
    }
    return Container.start(Backends.image(peer), folder, settings, List.of());
  }

  private static Program process(String peer, Path folder, Ports ports) {
    var home = Peers.path(peer);
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            home.resolve("lib") + "/*",
            home.resolve("Start.java").toString(),
            folder.resolve("data").toString(),
            String.valueOf(ports.get("web")),
            String.valueOf(ports.get("transport")));
    return Server.start(folder.resolve("log"), Map.of(), command);
  }

  /// SIGKILL, and the end of the process.
  void kill() {
    server.kill();
    Eventually.happens(() -> !server.alive(), () -> "does not die");
  }

  /// Another process with the data and the ports of this one, which has ended.
  SearchServer again() {
    return start(peer, folder, ports);
  }

  private boolean answers() {
    if (!server.alive()) {
      throw new AssertionError(peer + " ended:\n" + server.log());
    }
    try {
      return Http.get(uri("/_cluster/health?wait_for_status=yellow")).status() == 200;
    } catch (UncheckedIOException e) {
      return false; // not listening yet
    }
  }

  private URI uri(String path) {
    return URI.create(endpoint() + path);
  }

  String endpoint() {
    return "http://127.0.0.1:" + ports.get("web");
  }

  void put(String path, String json) {
    var answer = Http.put(uri(path), json);
    if (answer.status() >= 300) {
      throw new AssertionError(path + ": " + answer.status() + " " + answer.text());
    }
  }

  /// The hits of all documents in the indices of that name, in the order of their times. Each has `_source`,
  /// and the time as the server reads it in `fields`. None if there is no such index.
  List<Map<String, Object>> search(String index) {
    Http.post(uri("/" + index + "/_refresh"), "application/json", new byte[0]);
    var query =
        """
        {"size": 10000, "sort": [{"@timestamp": "asc"}],
         "docvalue_fields": [{"field": "@timestamp", "format": "strict_date_optional_time_nanos"}]}
        """;
    var answer =
        Http.post(
            uri("/" + index + "/_search?ignore_unavailable=true"),
            "application/json",
            query.getBytes(Programs.UTF_8));
    if (answer.status() != 200) {
      return List.of();
    }
    var hits = Json.object(Json.object(answer.text()).get("hits"));
    return Json.list(hits.get("hits")).stream().map(Json::object).toList();
  }

  List<Object> sources(String index) {
    return search(index).stream().map(hit -> (Object) Json.object(hit.get("_source"))).toList();
  }

  String log() {
    return server.log();
  }

  @Override
  public void close() {
    server.kill();
  }
}
