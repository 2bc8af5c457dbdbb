package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/// Sluice with a queue on disk before a real Loki that runs for all tests of a class.
@Tag("backend")
abstract class LokiCase {
  private static final String YAML =
      """
      receivers:
        otlp: {protocols: {http: {endpoint: "127.0.0.1:@http@", include_metadata: true}}}
      extensions:
        file_storage: {directory: %dir%, create_directory: true}
      exporters:
        loki:
          endpoint: ENDPOINT
          sending_queue: {storage: file_storage}
          retry_on_failure: {initial_interval: 100ms, max_interval: 1s}
          MORE
      service:
        extensions: [file_storage]
        pipelines:
          logs: {receivers: [otlp], exporters: [loki]}
      """;

  static final long SECOND = 1_000_000_000L;

  static Loki loki;

  @BeforeAll
  static void start() {
    loki = Loki.start();
  }

  @AfterAll
  static void stop() {
    if (loki != null) { // there is none here
      loki.close();
    }
  }

  static Gateway sluice(Loki server, String more) {
    return Gateway.sluice(yaml(server.uri("").toString(), more));
  }

  /// @param more keys of the exporter
  static String yaml(String endpoint, String more) {
    return YAML.replace("ENDPOINT", endpoint).replace("MORE", more);
  }

  static void send(Gateway gateway, byte[] request, String... headers) {
    var answer =
        Http.post(gateway.uri("http", "/v1/logs"), "application/x-protobuf", request, headers);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  /// So that no time is rounded, and none is too old.
  static long recently() {
    return System.currentTimeMillis() / 1000 * SECOND - 600 * SECOND + 123_456_789;
  }

  static void awaits(Loki server, String tenant, String service, int count) {
    Eventually.happens(
        () -> server.lines(tenant, selector(service)).size() >= count,
        () -> server.lines(tenant, selector(service)) + "\n" + server.log());
  }

  static String selector(String service) {
    return "{service_name=\"" + service + "\"}";
  }

  static void deadLetters(Gateway sluice, int count) {
    Eventually.happens(
        () ->
            sluice
                .scrape()
                .lines()
                .anyMatch(line ->
                    line.startsWith("sluice_exporter_dead_lettered_log_records{")
                        && line.endsWith("} " + count)),
        sluice::log);
  }
}
