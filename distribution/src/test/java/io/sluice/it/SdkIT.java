package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// SDKs of four languages send to a Sluice that writes a file; the file holds all they sent.
final class SdkIT {
  private static final String YAML =
      """
      receivers:
        otlp:
          protocols:
            grpc: {endpoint: "127.0.0.1:@grpc@"}
            http: {endpoint: "127.0.0.1:@http@"}
      processors:
        batch:
      exporters:
        file: {path: "%dir%/out.json", flush_interval: 10ms}
      service:
        pipelines:
          traces: {receivers: [otlp], processors: [batch], exporters: [file]}
          metrics: {receivers: [otlp], processors: [batch], exporters: [file]}
          logs: {receivers: [otlp], processors: [batch], exporters: [file]}
      """;
  private static final String ATTRIBUTES =
      "[{key=count, value={intValue=COUNT}}, "
          + "{key=list, value={arrayValue={values=[{stringValue=a}, {stringValue=b}]}}}, "
          + "{key=ratio, value={doubleValue=0.25}}, "
          + "{key=text, value={stringValue=Grüße ☃}}, "
          + "{key=yes, value={boolValue=true}}]";

  private static Gateway sluice;

  @BeforeAll
  static void start() {
    sluice = Gateway.sluice(YAML);
  }

  @AfterAll
  static void stop() {
    sluice.close();
  }

  static Stream<Arguments> ways() {
    var ways = new ArrayList<Arguments>();
    for (var client : Client.values()) {
      for (var protocol : List.of("grpc", "http/protobuf", "http/json")) {
        if (protocol.equals("http/json") && client != Client.JAVASCRIPT) {
          continue; // only this SDK has it
        }
        for (var compression : List.of("none", "gzip")) {
          ways.add(Arguments.of(client, protocol, compression));
        }
      }
    }
    return ways.stream();
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("ways")
  void everyItemOfAnSdkArrivesWhole(Client client, String protocol, String compression) {
    var tag = (client + "-" + protocol + "-" + compression).toLowerCase(Locale.ROOT);
    var endpoint = endpoint(protocol);
    var sent = client.send(endpoint, protocol, compression, tag);
    var records = await(tag, 6);
    var count = client == Client.JAVASCRIPT ? "4503599627370497" : "9007199254740993";
    var attributes = ATTRIBUTES.replace("COUNT", count);

    var outer = named(records, tag + "-outer");
    assertThat(outer)
        .containsEntry("traceId", sent.trace())
        .containsEntry("spanId", sent.outer())
        .containsEntry("kind", "2")
        .doesNotContainKey("parentSpanId");
    assertThat(outer.get("attributes")).hasToString(attributes);
    assertThat(Json.text(outer.get("events")))
        .contains("name=happened", "{key=at, value={stringValue=outer}}");
    var inner = named(records, tag + "-inner");
    assertThat(inner)
        .containsEntry("traceId", sent.trace())
        .containsEntry("spanId", sent.inner())
        .containsEntry("parentSpanId", sent.outer())
        .containsEntry("status", Map.of("code", "2", "message", "broken"));
    assertThat(named(records, tag + "-counter").toString())
        .containsPattern("as(Int=42|Double=42.0),")
        .contains("isMonotonic=true", "unit=1", "{key=k, value={stringValue=v}}");
    assertThat(named(records, tag + "-histogram").toString())
        .contains("count=1", "sum=17.0", "min=17.0", "max=17.0", "unit=ms");
    assertThat(named(records, tag + "-gauge").toString()).contains("gauge={", "asDouble=3.5");
    var log = named(records, Map.of("stringValue", tag + "-log").toString());
    assertThat(log)
        .containsEntry("severityNumber", "13")
        .containsEntry("severityText", "WARN")
        .containsEntry("timeUnixNano", "1700000000000000000");
    assertThat(log.get("attributes")).hasToString(attributes);
  }

  @ParameterizedTest(name = "telemetrygen {0}, {1}, {2}")
  @CsvSource({
    "traces,  grpc, none", "traces,  grpc, gzip", "traces,  http, none", "traces,  http, gzip",
    "metrics, grpc, none", "metrics, grpc, gzip", "metrics, http, none", "metrics, http, gzip",
    "logs,    grpc, none", "logs,    grpc, gzip", "logs,    http, none", "logs,    http, gzip"
  })
  void everyItemOfTheGoSdkArrives(String signal, String protocol, String compression) {
    var tag = String.join("-", "go", signal, protocol, compression);
    var command = new ArrayList<>(List.of(Peers.path("telemetrygen").toString(), signal));
    command.addAll(List.of("--otlp-insecure", "--service", tag, "--rate", "0"));
    command.addAll(List.of("--otlp-endpoint", "127.0.0.1:" + sluice.port(protocol)));
    command.addAll(List.of("--" + signal, "25", "--telemetry-attributes", "n=7"));
    if (protocol.equals("http")) {
      command.add("--otlp-http");
    }
    var environment =
        compression.equals("gzip")
            ? Map.of("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
            : Map.<String, String>of();
    Programs.done(environment, command);
    // A trace of this program has two spans.
    var records = await(tag, signal.equals("traces") ? 50 : 25);
    assertThat(records)
        .allSatisfy(record -> assertThat(record.toString()).contains("{key=n, value="));
  }

  private static String endpoint(String protocol) {
    return "http://127.0.0.1:" + sluice.port(protocol.startsWith("http") ? "http" : "grpc");
  }

  /// The records of the service of that name, once there are so many; never more.
  private static List<Map<String, Object>> await(String service, int count) {
    var file = sluice.file("out.json");
    Eventually.happens(
        () -> of(service).size() >= count, () -> service + " in\n" + Programs.read(file));
    assertThat(of(service)).hasSize(count);
    return of(service);
  }

  private static List<Map<String, Object>> of(String service) {
    var name = "{key=service.name, value={stringValue=" + service + "}}";
    return Items.records(wholeLines())
        .filter(item -> Json.text(item.get("resource")).contains(name))
        .map(item -> Json.object(item.get("record")))
        .toList();
  }

  /// The last line may be half written.
  private static String wholeLines() {
    var text = Programs.read(sluice.file("out.json"));
    return text.substring(0, text.lastIndexOf('\n') + 1);
  }

  /// The one whose name, or body, it is.
  private static Map<String, Object> named(List<Map<String, Object>> records, String name) {
    return records.stream()
        .filter(record -> Json.text(record.getOrDefault("name", record.get("body"))).equals(name))
        .reduce((_, _) -> {
          throw new AssertionError("twice: " + name);
        })
        .orElseThrow(() -> new AssertionError(name + " is not among " + records));
  }
}
