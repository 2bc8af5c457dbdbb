package io.sluice.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A gateway under measurement: a process of its own, with the figures the system keeps of it.
final class Peer implements AutoCloseable {
  private static final long START_MILLIS_MAX = 30_000;
  private static final double TICKS_PER_SECOND = 100;

  private final String name;
  private final Path log;
  private final Process process;
  private final int grpcPort;
  private final int httpPort;
  private final int morePort;

  private Peer(String name, Path log, Process process, int grpcPort, int httpPort, int morePort) {
    this.name = name;
    this.log = log;
    this.process = process;
    this.grpcPort = grpcPort;
    this.httpPort = httpPort;
    this.morePort = morePort;
  }

  /// Starts it and waits until it listens.
  ///
  /// @param yaml in which `GRPC_IN`, `HTTP_IN`, `GRPC_OUT` and `HTTP_OUT` stand for ports, and `METRICS_IN`,
  ///     `HEALTH_IN` or
  ///     `TLS_IN` for one more
  static Peer start(
      String name,
      Path binary,
      String yaml,
      Sink sink,
      Map<String, String> environment,
      Path folder)
      throws IOException, InterruptedException {
    var peer = launch(name, binary, yaml, sink, environment, folder);
    peer.awaitListening();
    return peer;
  }

  /// As above, with another command, which the file's path is put behind; where it sends stands in the text.
  static Peer start(
      String name, List<String> command, String text, Map<String, String> environment, Path folder)
      throws IOException, InterruptedException {
    var peer = launch(name, command, text, environment, folder);
    peer.awaitListening();
    return peer;
  }

  /// Starts it and does not wait.
  static Peer launch(
      String name,
      Path binary,
      String yaml,
      Sink sink,
      Map<String, String> environment,
      Path folder)
      throws IOException {
    return launch(name, List.of(binary.toString(), "--config"), yaml, sink, environment, folder);
  }

  /// nginx, which passes HTTP on to the sink, as one process.
  static Peer nginx(String name, String config, Sink sink, Path folder)
      throws IOException, InterruptedException {
    var text = config.replace("FOLDER", folder.toAbsolutePath().toString());
    var command = List.of("nginx", "-e", "stderr", "-p", folder.toAbsolutePath().toString(), "-c");
    var peer = launch(name, command, text, sink, Map.of(), folder.toAbsolutePath());
    peer.awaitListening();
    return peer;
  }

  private static Peer launch(
      String name,
      List<String> command,
      String text,
      Sink sink,
      Map<String, String> environment,
      Path folder)
      throws IOException {
    return launch(
        name,
        command,
        text.replace("GRPC_OUT", Integer.toString(sink.grpcPort()))
            .replace("HTTP_OUT", Integer.toString(sink.httpPort())),
        environment,
        folder);
  }

  private static Peer launch(
      String name, List<String> command, String text, Map<String, String> environment, Path folder)
      throws IOException {
    int grpcPort = freePort();
    int httpPort = freePort();
    int morePort = freePort();
    var config = folder.resolve(name + ".yaml");
    var log = folder.resolve(name + ".log");
    Files.writeString(
        config,
        text.replace("GRPC_IN", Integer.toString(grpcPort))
            .replace("METRICS_IN", Integer.toString(morePort))
            .replace("HEALTH_IN", Integer.toString(morePort))
            .replace("TLS_IN", Integer.toString(morePort))
            .replace("HTTP_IN", Integer.toString(httpPort)));
    var words = new ArrayList<>(command);
    words.add(config.toString());
    var builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new Peer(name, log, builder.start(), grpcPort, httpPort, morePort);
  }

  private void awaitListening() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS_MAX);
    while (System.nanoTime() < end && process.isAlive()) {
      try (var grpc = new Socket(InetAddress.getLoopbackAddress(), grpcPort);
          var http = new Socket(InetAddress.getLoopbackAddress(), httpPort)) {
        return;
      } catch (IOException _) {
        Thread.sleep(20);
      }
    }
    close();
    throw new IOException(name + " did not start:\n" + Files.readString(log));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  String name() {
    return name;
  }

  int grpcPort() {
    return grpcPort;
  }

  int httpPort() {
    return httpPort;
  }

  /// Of its metrics or its health.
  int morePort() {
    return morePort;
  }

  boolean alive() {
    return process.isAlive();
  }

  /// What it said so far.
  String log() throws IOException {
    return Files.readString(log);
  }

  /// User and system time so far.
  double cpuSeconds() {
    var stat = read("stat");
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  long rssMib() {
    return statusKib("VmRSS:") / 1024;
  }

  long peakRssMib() {
    return statusKib("VmHWM:") / 1024;
  }

  private long statusKib(String key) {
    return read("status")
        .lines()
        .filter(line -> line.startsWith(key))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
    } catch (IOException e) {
      throw new UncheckedIOException(name + " is gone", e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
