package io.sluice.it;

import io.sluice.testkit.Json;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the example `five-backends` has in place of Tempo: it takes OTLP for a tenant and gives traces back.
final class TempoStandIn implements AutoCloseable {
  private final Path example;
  private final Ports ports;
  private final Server server;

  private TempoStandIn(Path example, Ports ports, Server server) {
    this.example = example;
    this.ports = ports;
    this.server = server;
  }

  static TempoStandIn start(Path example) {
    return start(example, Ports.of("@web@"));
  }

  private static TempoStandIn start(Path example, Ports ports) {
    var command = new ArrayList<String>();
    command.add(Peers.path("python").toString());
    command.add(example.resolve("tempo-stand-in.py").toString());
    command.add(String.valueOf(ports.get("web")));
    var server = Server.start(Gateway.newFolder().resolve("log"), Map.of(), command);
    var tempo = new TempoStandIn(example, ports, server);
    Eventually.happens(tempo::answers, server::log);
    return tempo;
  }

  private boolean answers() {
    try {
      return Http.get(uri("/api/traces/none")).status() == 404;
    } catch (UncheckedIOException e) {
      return false; // not listening yet
    }
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + ports.get("web") + path);
  }

  /// The names of the spans of a trace.
  List<String> spans(String tenant, String trace) {
    var answer = Http.get(uri("/api/traces/" + trace), "X-Scope-OrgID", tenant);
    return answer.status() == 200
        ? Json.list(Json.object(answer.text()).get("spans")).stream().map(Json::text).toList()
        : List.of();
  }

  void kill() {
    server.kill();
    Eventually.happens(() -> !server.alive(), () -> "does not die");
  }

  TempoStandIn again() {
    return start(example, ports);
  }

  @Override
  public void close() {
    server.kill();
  }
}
