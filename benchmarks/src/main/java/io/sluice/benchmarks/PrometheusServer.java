package io.sluice.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real Prometheus that takes remote write, for as long as a figure is measured.
final class PrometheusServer implements AutoCloseable {
  private static final long START_MILLIS_MAX = 30_000;
  private static final long LOOK_MILLIS = 300;

  /// So often the same, it is the last word.
  private static final int SAME_TIMES = 3;

  private static final String APPENDED = "prometheus_tsdb_head_samples_appended_total{";

  private final Process process;
  private final Path data;
  private final String address;
  private final HttpClient client = HttpClient.newHttpClient();

  private PrometheusServer(Process process, Path data, String address) {
    this.process = process;
    this.data = data;
    this.address = address;
  }

  /// Starts one that takes samples in any order of the last hour.
  static PrometheusServer start(Path binary, Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    var data = folder.resolve("data");
    delete(data);
    var config = folder.resolve("prometheus.yaml");
    Files.writeString(config, "storage: {tsdb: {out_of_order_time_window: 1h}}\n");
    var address = "127.0.0.1:" + freePort();
    var process =
        new ProcessBuilder(
                List.of(
                    binary.toString(),
                    "--config.file=" + config,
                    "--storage.tsdb.path=" + data,
                    "--web.listen-address=" + address,
                    "--web.enable-remote-write-receiver",
                    "--web.remote-write-receiver.accepted-protobuf-messages=prometheus.WriteRequest",
                    "--web.remote-write-receiver.accepted-protobuf-messages=io.prometheus.write.v2.Request",
                    "--log.level=warn"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    var server = new PrometheusServer(process, data, address);
    server.awaitReady();
    return server;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS_MAX);
    while (process.isAlive() && System.nanoTime() - end < 0) {
      try {
        get("/-/ready");
        return;
      } catch (IOException _) {
        Thread.sleep(LOOK_MILLIS);
      }
    }
    close();
    throw new IOException("Prometheus did not start; see its log beside " + data);
  }

  private String get(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://" + address + path)).build();
    var answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  String endpoint() {
    return "http://" + address + "/api/v1/write";
  }

  /// Waits until nothing more comes.
  ///
  /// @return how many samples it has taken since it was started
  long settled() throws IOException, InterruptedException {
    long last = -1;
    int same = 0;
    while (same < SAME_TIMES) {
      long now = appended();
      same = now == last ? same + 1 : 0;
      last = now;
      Thread.sleep(LOOK_MILLIS);
    }
    return last;
  }

  private long appended() throws IOException, InterruptedException {
    return get("/metrics")
        .lines()
        .filter(line -> line.startsWith(APPENDED))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    client.close();
    try {
      process.waitFor();
      delete(data);
    } catch (IOException _) { // the next start deletes it
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
