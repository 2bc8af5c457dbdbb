package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Traces of an SDK go through Sluice into a real Jaeger, which shows them.
@Tag("backend")
final class JaegerIT {
  private static final String YAML =
      """
      receivers:
        otlp: {protocols: {grpc: {endpoint: "127.0.0.1:@grpc@"}, http: {endpoint: "127.0.0.1:@http@"}}}
      processors:
        memory_limiter: {check_interval: 1s, limit_percentage: 80}
        attributes: {actions: [{key: via, value: sluice, action: upsert}]}
        batch:
      exporters:
        EXPORTER: SETTINGS
      service:
        pipelines:
          traces: {receivers: [otlp], processors: [memory_limiter, attributes, batch], exporters: [EXPORTER]}
      """;

  private static Jaeger jaeger;

  @BeforeAll
  static void start() {
    jaeger = Jaeger.start();
  }

  @AfterAll
  static void stop() {
    if (jaeger != null) { // there is none here
      jaeger.close();
    }
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource({
    "otlp_grpc, grpc, gzip, ''",
    "otlp_grpc, grpc, zstd, ''",
    "otlp_grpc, grpc, none, ''",
    "otlp_http, http, gzip, proto",
    "otlp_http, http, none, json",
    "otlp_http, http, zstd, json",
    "jaeger, grpc, gzip, ''",
    "jaeger, http, zstd, ''"
  })
  void showsWhatAnSdkSent(String exporter, String protocol, String compression, String encoding) {
    var service = String.join("-", exporter, protocol, compression, encoding);
    try (var sluice = Gateway.sluice(yaml(exporter, protocol, compression, encoding))) {
      var endpoint = "http://127.0.0.1:" + sluice.port(protocol);
      var client = new JavaClient(endpoint, protocol.equals("grpc"), "gzip", service);
      var ids = client.sendSpans().split(" ");
      var sent = new Client.Sent(service, ids[0], ids[1], ids[2]);
      var spans = spans(service, 2);
      var outer = Json.object(spans.get(service + "-outer"));
      assertThat(outer)
          .containsEntry("traceID", sent.trace())
          .containsEntry("spanID", sent.outer());
      assertThat(tags(outer))
          .containsEntry("text", "Grüße ☃")
          .containsEntry("count", "9007199254740993")
          .containsEntry("ratio", "0.25")
          .containsEntry("via", "sluice")
          .containsEntry("span.kind", "server");
      assertThat(Json.text(outer.get("logs"))).contains("happened");
      var inner = Json.object(spans.get(service + "-inner"));
      assertThat(inner).containsEntry("spanID", sent.inner());
      assertThat(Json.text(inner.get("references"))).contains(sent.outer(), "CHILD_OF");
      assertThat(tags(inner)).containsEntry("otel.status_description", "broken");
    }
  }

  private static String yaml(
      String exporter, String protocol, String compression, String encoding) {
    var endpoint = "127.0.0.1:" + jaeger.port(protocol);
    var settings =
        switch (exporter) {
          case "otlp_grpc" -> "endpoint: \"" + endpoint + "\", tls: {insecure: true}";
          case "jaeger" ->
              "endpoint: \"" + endpoint + "\", tls: {insecure: true}, protocol: " + protocol;
          default -> "endpoint: \"http://" + endpoint + "\", encoding: " + encoding;
        };
    return YAML.replace("SETTINGS", "{" + settings + ", compression: " + compression + "}")
        .replace("EXPORTER", exporter);
  }

  /// By name, once there are so many.
  private static Map<String, Map<String, Object>> spans(String service, int count) {
    Eventually.happens(
        () -> spansNow(service).size() >= count, () -> jaeger.query("/api/services").text());
    var spans = spansNow(service);
    assertThat(spans).hasSize(count);
    return spans.stream().collect(Collectors.toMap(s -> Json.text(s.get("operationName")), s -> s));
  }

  private static List<Map<String, Object>> spansNow(String service) {
    var answer = Json.object(jaeger.query("/api/traces?service=" + service).text());
    return Json.list(answer.get("data")).stream()
        .flatMap(trace -> Json.list(Json.object(trace).get("spans")).stream())
        .map(Json::object)
        .toList();
  }

  private static Map<String, String> tags(Map<String, Object> span) {
    return Json.list(span.get("tags")).stream()
        .map(Json::object)
        .collect(
            Collectors.toMap(tag -> Json.text(tag.get("key")), tag -> Json.text(tag.get("value"))));
  }
}
