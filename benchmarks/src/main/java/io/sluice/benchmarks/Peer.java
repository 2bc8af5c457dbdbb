package io.sluice.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A gateway under measurement: a process of its own, with the figures the system keeps of it.
final class Peer implements AutoCloseable {
  private static final long START_MILLIS_MAX = 30_000;
  private static final double TICKS_PER_SECOND = 100;

  private final String name;
  private final Process process;
  private final int port;

  private Peer(String name, Process process, int port) {
    this.name = name;
    this.process = process;
    this.port = port;
  }

  /// Starts it with a configuration in which `LISTEN` and `SINK` stand for the two ports.
  static Peer start(String name, Path binary, String yaml, int sinkPort, Path folder)
      throws IOException, InterruptedException {
    int port = freePort();
    var config = folder.resolve(name + ".yaml");
    Files.writeString(
        config,
        yaml.replace("LISTEN", Integer.toString(port)).replace("SINK", Integer.toString(sinkPort)));
    var process =
        new ProcessBuilder(List.of(binary.toString(), "--config", config.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    var peer = new Peer(name, process, port);
    peer.awaitListening(folder);
    return peer;
  }

  private void awaitListening(Path folder) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS_MAX);
    while (System.nanoTime() < end && process.isAlive()) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException _) {
        Thread.sleep(20);
      }
    }
    close();
    throw new IOException(
        name + " did not start:\n" + Files.readString(folder.resolve(name + ".log")));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  String name() {
    return name;
  }

  int port() {
    return port;
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
