package io.sluice.it;

import io.sluice.testkit.Json;
import io.sluice.transport.hostile.Certificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// A real Prometheus that takes remote write.
final class Prometheus implements AutoCloseable {
  /// Which one.
  enum Version {
    /// The newest, which knows remote write 2.0.
    THREE,

    /// 2.42, which knows 1.0.
    TWO;

    private String backend() {
      return this == THREE ? "prometheus" : "prometheus2";
    }

    private List<String> arguments() {
      return switch (this) {
        case THREE ->
            List.of(
                "--web.remote-write-receiver.accepted-protobuf-messages=prometheus.WriteRequest",
                "--web.remote-write-receiver.accepted-protobuf-messages=io.prometheus.write.v2.Request");
        case TWO -> List.of();
      };
    }
  }

  static final String USER = "it";
  static final String PASSWORD = "right";

  /// Of the password, by bcrypt.
  private static final String HASH = "$2b$04$IujCf1/e7yPXvLjP6uo16ejN95xCkMP96CtGo/Az8hoV1rn2bmhCW";

  private final Version version;
  private final Path folder;
  private final Ports ports;
  private final Program server;
  private final @Nullable Guard guard;

  /// Who may ask has a password, and knows the server by its certificate.
  private record Guard(Path certificate, HttpClient client) {}

  private Prometheus(
      Version version, Path folder, Ports ports, Program server, @Nullable Guard guard) {
    this.version = version;
    this.folder = folder;
    this.ports = ports;
    this.server = server;
    this.guard = guard;
  }

  /// Prometheus 3. Returns when it answers queries.
  static Prometheus start() {
    return start(Version.THREE);
  }

  static Prometheus start(Version version) {
    return start(version, configured(""), Ports.of("@web@"), null);
  }

  /// One that takes what is late by so much, as in `1m`.
  static Prometheus patient(Version version, String window) {
    var folder = Gateway.newFolder();
    Programs.write(
        folder.resolve("prometheus.yaml"),
        "storage: {tsdb: {out_of_order_time_window: " + window + "}}\n");
    return start(version, folder, Ports.of("@web@"), null);
  }

  /// One that scrapes the target every second, in the format it likes best.
  ///
  /// @param how further settings of the scrape, in flow style
  static Prometheus scraping(Version version, int port, String how) {
    var scrape =
        """
        scrape_configs:
          - {job_name: scraped, honor_labels: true, scrape_interval: 1s, scrape_timeout: 1s, %s
             static_configs: [{targets: ["127.0.0.1:%d"]}]}
        """
            .formatted(how.isEmpty() ? "" : how + ",", port);
    return start(version, configured(scrape), Ports.of("@web@"), null);
  }

  /// One that speaks TLS only, with a certificate of its own, to those who know the password.
  static Prometheus guarded() {
    var folder = configured("");
    try {
      var own = Certificates.make(folder, "server", "it", "ip:127.0.0.1");
      Programs.write(
          folder.resolve("web.yaml"),
          "tls_server_config: {cert_file: server.crt, key_file: server.key}\n"
              + "basic_auth_users: {"
              + USER
              + ": '"
              + HASH
              + "'}\n");
      return start(
          Version.THREE, folder, Ports.of("@web@"), new Guard(own.cert(), trusting(own.cert())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static HttpClient trusting(Path certificate) throws IOException {
    try (var stream = Files.newInputStream(certificate)) {
      var known = KeyStore.getInstance(KeyStore.getDefaultType());
      known.load(null, null);
      known.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(stream));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(known);
      var tls = SSLContext.getInstance("TLS");
      tls.init(null, trust.getTrustManagers(), null);
      return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls).build();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static Path configured(String more) {
    var folder = Gateway.newFolder();
    Programs.write(folder.resolve("prometheus.yaml"), resource() + more);
    return folder;
  }

  private static Prometheus start(
      Version version, Path folder, Ports ports, @Nullable Guard guard) {
    var arguments = new ArrayList<>(version.arguments());
    arguments.add("--config.file=" + folder.resolve("prometheus.yaml"));
    arguments.add("--storage.tsdb.path=" + folder.resolve("data"));
    arguments.add("--web.listen-address=127.0.0.1:" + ports.get("web"));
    arguments.add("--web.enable-remote-write-receiver");
    arguments.add("--enable-feature=exemplar-storage,native-histograms");
    arguments.add("--log.level=warn");
    if (guard != null) {
      arguments.add("--web.config.file=" + folder.resolve("web.yaml"));
    }
    var server = Backends.start(version.backend(), folder, arguments);
    var prometheus = new Prometheus(version, folder, ports, server, guard);
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
    return start(version, folder, ports, guard);
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
      return get("/-/ready").status() == 200;
    } catch (UncheckedIOException e) {
      return false; // not listening yet
    }
  }

  private URI uri(String path) {
    return URI.create(
        (guard == null ? "http" : "https") + "://127.0.0.1:" + ports.get("web") + path);
  }

  private Http.Answer get(String path) {
    if (guard == null) {
      return Http.get(uri(path));
    }
    var request =
        HttpRequest.newBuilder(uri(path)).header("Authorization", authorization()).build();
    try {
      var answer = guard.client.send(request, BodyHandlers.ofString());
      return new Http.Answer(answer.statusCode(), Map.of(), answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// What a guarded one wants to be shown.
  static String authorization() {
    return Http.basic(USER, PASSWORD);
  }

  /// By which a guarded one is known.
  Path certificate() {
    return Objects.requireNonNull(guard).certificate;
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
    var answer = get("/api/v1/" + call + query);
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

  /// All series of a job of [MetricRequests] with all their values of five minutes, in order.
  List<String> lines(String service, long timeMs) {
    var selector = "{job=\"it/" + service + "\"}[5m]";
    return select(selector, timeMs / 1000 + 1).stream()
        .map(series -> labels(series.get("metric")) + values(series))
        .sorted()
        .toList();
  }

  static String labels(@Nullable Object metric) {
    return new TreeMap<>(Json.object(metric))
        .entrySet().stream()
            .map(label -> label.getKey() + "=" + Json.text(label.getValue()).replace("\n", "/"))
            .collect(Collectors.joining(" ", "{", "}"));
  }

  private static String values(Map<String, Object> series) {
    var text = new StringBuilder();
    for (var sample : Json.list(series.get("values"))) {
      var pair = Json.list(sample);
      text.append(' ').append(pair.get(1)).append('@').append(ms(pair.get(0)));
    }
    for (var sample : Json.list(series.get("histograms"))) {
      var pair = Json.list(sample);
      var histogram = Json.object(pair.get(1));
      text.append(" count ").append(histogram.get("count"));
      text.append(" sum ").append(histogram.get("sum"));
      Json.list(histogram.get("buckets"))
          .forEach(bucket -> text.append(' ').append(bucket.toString().replace(",", "")));
      text.append('@').append(ms(pair.get(0)));
    }
    return text.toString();
  }

  static long ms(@Nullable Object seconds) {
    return Math.round(Double.parseDouble(Json.text(seconds)) * 1000);
  }

  String log() {
    return server.log();
  }

  @Override
  public void close() {
    server.kill();
  }
}
