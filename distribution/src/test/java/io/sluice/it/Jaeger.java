package io.sluice.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// A real Jaeger 2 with memory storage.
final class Jaeger implements AutoCloseable {
  private final Path folder;
  private final Ports ports;
  private final Program server;

  private Jaeger(Path folder, Ports ports, Program server) {
    this.folder = folder;
    this.ports = ports;
    this.server = server;
  }

  /// Returns when it answers queries.
  static Jaeger start() {
    var folder = Gateway.newFolder();
    var yaml = resource();
    var ports = Ports.of(yaml);
    Programs.write(folder.resolve("jaeger.yaml"), ports.fill(yaml));
    return start(folder, ports);
  }

  private static Jaeger start(Path folder, Ports ports) {
    var arguments = List.of("--config", folder.resolve("jaeger.yaml").toString());
    var jaeger = new Jaeger(folder, ports, Backends.start("jaeger", folder, arguments));
    Eventually.happens(jaeger::answers, jaeger.server::log);
    return jaeger;
  }

  /// SIGKILL, and the end of the process.
  void kill() {
    server.kill();
    Eventually.happens(() -> !server.alive(), () -> "does not die");
  }

  /// Another process on the ports of this one, which has ended. It has nothing of what the other had.
  Jaeger again() {
    return start(folder, ports);
  }

  private static String resource() {
    try (var stream = Jaeger.class.getResourceAsStream("/jaeger.yaml")) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), Programs.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean answers() {
    if (!server.alive()) {
      throw new AssertionError("Jaeger ended:\n" + server.log());
    }
    try {
      return query("/api/services").status() == 200;
    } catch (UncheckedIOException e) {
      return false; // not listening yet
    }
  }

  Http.Answer query(String path) {
    return Http.get(URI.create("http://127.0.0.1:" + ports.get("query") + path));
  }

  int port(String name) {
    return ports.get(name);
  }

  @Override
  public void close() {
    server.kill();
  }
}
