package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.Json;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Spans go through Sluice into a real Grafana Tempo that keeps tenants apart, and is asked for them.
@Tag("containers")
final class TempoIT {
  private static final String TEMPO =
      """
      target: all
      multitenancy_enabled: true
      usage_report: {reporting_enabled: false}
      server: {http_listen_address: 127.0.0.1, http_listen_port: @web@, grpc_listen_address: 127.0.0.1,
        grpc_listen_port: @inner@, log_level: warn}
      distributor: {receivers: {otlp: {protocols: {grpc: {endpoint: "127.0.0.1:@grpc@"},
        http: {endpoint: "127.0.0.1:@http@"}}}}}
      storage: {trace: {backend: local, local: {path: %dir%/blocks}, wal: {path: %dir%/wal}}}
      """;

  private static final String YAML =
      """
      receivers:
        otlp: {protocols: {http: {endpoint: "127.0.0.1:@http@"}}}
      exporters:
        tempo:
          protocol: PROTOCOL
          endpoint: ENDPOINT
          tls: {insecure: true}
          tenant: {from_attribute: tenant, default_value: everybody}
      service:
        pipelines:
          traces: {receivers: [otlp], exporters: [tempo]}
      """;

  private static Ports ports;
  private static Program tempo;

  @BeforeAll
  static void start() {
    var folder = Gateway.newFolder();
    ports = Ports.of(TEMPO);
    Programs.write(
        folder.resolve("tempo.yaml"), ports.fill(TEMPO).replace("%dir%", folder.toString()));
    tempo =
        Container.start(
            Backends.image("tempo"),
            folder,
            Map.of(),
            List.of("-config.file=" + folder.resolve("tempo.yaml")));
    Eventually.happens(TempoIT::ready, tempo::log);
  }

  private static boolean ready() {
    try {
      return Http.get(uri("/ready")).status() == 200;
    } catch (UncheckedIOException e) {
      return false; // not listening yet
    }
  }

  @AfterAll
  static void stop() {
    if (tempo != null) { // there is no Docker
      tempo.kill();
    }
  }

  private static URI uri(String path) {
    return URI.create("http://127.0.0.1:" + ports.get("web") + path);
  }

  private static Http.Answer trace(String id, String tenant) {
    return Http.get(
        uri("/api/traces/" + id), "X-Scope-OrgID", tenant, "Accept", "application/json");
  }

  @ParameterizedTest
  @CsvSource({"grpc, 127.0.0.1:, 0a", "http, http://127.0.0.1:, 0b"})
  void hasTheSpansOfEachTenant(String protocol, String place, String id) {
    var trace = id.repeat(16);
    var span = "01".repeat(8);
    var yaml = YAML.replace("PROTOCOL", protocol).replace("ENDPOINT", place + ports.get(protocol));
    try (var gateway = Gateway.sluice(yaml)) {
      var request =
          """
          {"resourceSpans":[{"resource":{"attributes":[{"key":"tenant","value":{"stringValue":"shop"}},
            {"key":"service.name","value":{"stringValue":"till"}}]},"scopeSpans":[{"scope":{"name":"lib"},"spans":[
            {"traceId":"%s","spanId":"%s","name":"sale","kind":2,"startTimeUnixNano":"%d",
             "endTimeUnixNano":"%d","attributes":[{"key":"n","value":{"intValue":"7"}}]}]}]}]}
          """
              .formatted(trace, span, now(), now() + 1_000_000);
      var answer =
          Http.post(
              gateway.uri("http", "/v1/traces"),
              "application/json",
              request.getBytes(Programs.UTF_8));
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      Eventually.happens(() -> trace(trace, "shop").status() == 200, tempo::log);
    }
    var found = Json.object(trace(trace, "shop").text());
    var resource = Json.object(Json.list(found.get("batches")).getFirst());
    assertThat(Json.text(resource.get("resource"))).contains("till");
    assertThat(Json.text(resource.get("scopeSpans"))).contains("lib", "sale", "SPAN_KIND_SERVER");
    assertThat(trace(trace, "everybody").status()).isEqualTo(404);
  }

  /// Tempo finds what is recent.
  private static long now() {
    return System.currentTimeMillis() * 1_000_000;
  }
}
