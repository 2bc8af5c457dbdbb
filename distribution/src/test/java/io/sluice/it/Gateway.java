package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A running gateway, ours or the real Collector, from a YAML text. In the text `@name@` is a free port and
/// `%dir%` a folder of this gateway alone. Self-metrics are served besides, on the port `metrics`; readers in the
/// text replace that.
///
/// Closing ours asserts that it ended well and that its books balanced.
final class Gateway implements AutoCloseable {
  enum Kind {
    SLUICE,
    COLLECTOR;

    List<String> command(String... arguments) {
      var command = new ArrayList<String>();
      command.add(
          switch (this) {
            case SLUICE -> Peers.module().resolve("target/sluice/bin/sluice").toString();
            case COLLECTOR -> Peers.path("otelcol").toString();
          });
      command.addAll(Arrays.asList(arguments));
      return command;
    }
  }

  private static final String READY = "Everything is ready.";
  private static final String TELEMETRY =
      """
      service:
        telemetry:
          metrics:
            readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: @metrics@}}}}]
      """;

  private final Kind kind;
  private final Path folder;
  private final Ports ports;
  private final Server server;
  private boolean closed;

  private Gateway(Kind kind, Path folder, Ports ports, Server server) {
    this.kind = kind;
    this.folder = folder;
    this.ports = ports;
    this.server = server;
  }

  static Gateway sluice(String yaml) {
    return start(Kind.SLUICE, yaml);
  }

  static Gateway collector(String yaml) {
    return start(Kind.COLLECTOR, yaml);
  }

  /// Arrays are overwritten when they are let go of, so that whoever reads them too late is found.
  private static final Map<String, String> POISONED =
      Map.of("SLUICE_JVM_OPTS", "-Dsluice.poison=true");

  /// Returns when all of it runs.
  static Gateway start(Kind kind, String yaml, String... flags) {
    var folder = newFolder();
    var ports = Ports.of(yaml + TELEMETRY);
    Programs.write(folder.resolve("gateway.yaml"), text(yaml, ports, folder));
    Programs.write(folder.resolve("telemetry.yaml"), text(TELEMETRY, ports, folder));
    var command =
        kind.command(
            "--config=" + folder.resolve("telemetry.yaml"),
            "--config=" + folder.resolve("gateway.yaml"));
    command.addAll(Arrays.asList(flags));
    var server = Server.start(folder.resolve("log"), POISONED, command);
    server.awaitLog(READY, 1);
    return new Gateway(kind, folder, ports, server);
  }

  /// SIGKILL, and the end of the process.
  void kill() {
    closed = true;
    server.kill();
    Eventually.happens(() -> !server.alive(), () -> "does not die");
  }

  /// SIGTERM, and the end of the process, whatever it still holds.
  ///
  /// @return the exit status
  int stop() {
    closed = true;
    return server.stop();
  }

  /// Another process with the files and ports of this one, which has ended. Returns when all of it runs.
  Gateway again() {
    var command =
        kind.command(
            "--config=" + folder.resolve("telemetry.yaml"),
            "--config=" + folder.resolve("gateway.yaml"));
    var next = Server.start(folder.resolve("log"), POISONED, command);
    next.awaitLog(READY, 1);
    return new Gateway(kind, folder, ports, next);
  }

  /// As [#again], with another configuration.
  Gateway again(String yaml) {
    Programs.write(folder.resolve("gateway.yaml"), text(yaml, ports, folder));
    return again();
  }

  static Path newFolder() {
    try {
      return Files.createTempDirectory("sluice-it");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String yaml, Ports ports, Path folder) {
    return ports.fill(yaml).replace("%dir%", folder.toString());
  }

  /// Writes another configuration and tells the process to read it. Ports keep their numbers.
  void reload(String yaml) {
    Programs.write(folder.resolve("gateway.yaml"), text(yaml, ports, folder));
    server.hangUp();
  }

  int port(String name) {
    return ports.get(name);
  }

  /// `http://127.0.0.1:PORT` of that name, and a path.
  URI uri(String port, String path) {
    return URI.create("http://127.0.0.1:" + port(port) + path);
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  Server server() {
    return server;
  }

  String log() {
    return server.log();
  }

  String scrape() {
    return Http.get(uri("metrics", "/metrics")).text();
  }

  /// Waits until nothing is on its way, then asserts that every item is accounted for.
  void settle() {
    Eventually.happens(
        () -> lines("sluice_items_held").stream().allMatch(line -> line.endsWith(" 0")),
        () -> "items are still held:\n" + String.join("\n", lines("sluice_items")));
    assertThat(lines("sluice_items_residue")).allMatch(line -> line.endsWith(" 0"));
  }

  private List<String> lines(String metric) {
    var lines = scrape().lines().filter(line -> line.startsWith(metric + "{")).toList();
    assertThat(lines).as(metric).isNotEmpty();
    return lines;
  }

  /// SIGTERM, and the end of the process.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (kind == Kind.COLLECTOR) {
      server.stop();
      return;
    }
    try {
      settle();
    } finally {
      assertThat(server.stop()).as("exit status; log:\n" + log()).isZero();
    }
  }
}
