package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.data.Signal;
import io.sluice.it.Gateway.Kind;
import io.sluice.testkit.Payloads;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/// `service::telemetry`: what is sent, and what a reload changes.
final class TelemetryIT {
  /// Each way in has a file of its own.
  private static final String SINK =
      """
      receivers:
        otlp/grpc: {protocols: {grpc: {endpoint: "127.0.0.1:@grpc@"}}}
        otlp/proto: {protocols: {http: {endpoint: "127.0.0.1:@proto@"}}}
        otlp/json: {protocols: {http: {endpoint: "127.0.0.1:@json@"}}}
      exporters:
        file/grpc: {path: "%dir%/grpc.json"}
        file/proto: {path: "%dir%/proto.json"}
        file/json: {path: "%dir%/json.json"}
      service:
        pipelines:
          metrics/grpc: {receivers: [otlp/grpc], exporters: [file/grpc]}
          metrics/proto: {receivers: [otlp/proto], exporters: [file/proto]}
          metrics/json: {receivers: [otlp/json], exporters: [file/json]}
      """;

  private static final String PIPELINES =
      """
      receivers:
        otlp: {protocols: {grpc: {endpoint: "127.0.0.1:@grpc@"}}}
      exporters:
        nop:
      """;

  private static final String SENDER =
      PIPELINES
          + """
          service:
            telemetry:
              resource: {my.attribute: mine, service.version: }
              metrics:
                readers:
                  - pull: {exporter: {prometheus: {host: 127.0.0.1, port: @metrics@}}}
                  - periodic:
                      interval: 100
                      exporter: {otlp: {protocol: grpc, endpoint: "127.0.0.1:%d", insecure: true, compression: gzip}}
                  - periodic:
                      interval: 100
                      exporter: {otlp: {protocol: http/protobuf, endpoint: "http://127.0.0.1:%d", temporality_preference: delta}}
                  - periodic:
                      interval: 100
                      exporter: {otlp: {protocol: http/json, endpoint: "http://127.0.0.1:%d/v1/metrics"}}
                  - periodic: {interval: 100, exporter: {console: {}}}
            pipelines:
              traces: {receivers: [otlp], exporters: [nop]}
          """;

  private static final String LOG_SINK =
      """
      receivers:
        otlp/grpc: {protocols: {grpc: {endpoint: "127.0.0.1:@grpc@"}}}
        otlp/proto: {protocols: {http: {endpoint: "127.0.0.1:@proto@"}}}
      exporters:
        file/grpc: {path: "%dir%/grpc.json"}
        file/proto: {path: "%dir%/proto.json"}
      service:
        pipelines:
          logs/grpc: {receivers: [otlp/grpc], exporters: [file/grpc]}
          logs/proto: {receivers: [otlp/proto], exporters: [file/proto]}
      """;

  private static final String LOG_SENDER =
      PIPELINES
          + """
          service:
            telemetry:
              logs:
                processors:
                  - batch:
                      schedule_delay: 50
                      exporter: {otlp: {protocol: grpc, endpoint: "http://127.0.0.1:%d"}}
                  - simple: {exporter: {otlp: {protocol: http/protobuf, endpoint: "http://127.0.0.1:%d"}}}
            pipelines:
              traces: {receivers: [otlp], exporters: [nop]}
          """;

  private static final String PLAIN =
      PIPELINES
          + """
          service:
            telemetry:
              metrics:
                level: normal
                readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: @metrics@}}}}]
            pipelines:
              traces: {receivers: [otlp], exporters: [nop]}
          """;

  private static void send(Gateway gateway) {
    try (var grpc = new GrpcCaller(gateway.port("grpc"))) {
      grpc.call(Signal.TRACES, Payloads.spans("s", 5).otlp().flatten().toArray());
    }
  }

  private static void awaitIn(Gateway sink, String file, String... texts) {
    for (var text : texts) {
      Eventually.happens(
          () -> Programs.read(sink.file(file)).contains(text),
          () -> text + " is not in " + Programs.read(sink.file(file)));
    }
  }

  @Test
  void theRealCollectorTakesWhatReadersSend() {
    try (var sink = Gateway.collector(SINK);
        var gateway =
            Gateway.sluice(
                SENDER.formatted(sink.port("grpc"), sink.port("proto"), sink.port("json")))) {
      send(gateway);
      for (var file : new String[] {"grpc.json", "proto.json", "json.json"}) {
        awaitIn(
            sink,
            file,
            "\"otelcol_receiver_accepted_spans\"",
            "{\"key\":\"my.attribute\",\"value\":{\"stringValue\":\"mine\"}}",
            "{\"key\":\"service.name\",\"value\":{\"stringValue\":\"sluice\"}}",
            "\"asInt\":\"5\"");
        assertThat(Programs.read(sink.file(file))).doesNotContain("service.version");
      }
      assertThat(Programs.read(sink.file("proto.json"))).contains("\"aggregationTemporality\":1");
      assertThat(Programs.read(sink.file("grpc.json")))
          .doesNotContain("\"aggregationTemporality\":1");
      Eventually.happens(
          () -> gateway.log().contains("{\"resourceMetrics\":[{\"resource\":"), gateway::log);
    }
  }

  @Test
  void theRealCollectorTakesTheOwnLog() {
    try (var sink = Gateway.collector(LOG_SINK);
        var gateway = Gateway.sluice(LOG_SENDER.formatted(sink.port("grpc"), sink.port("proto")))) {
      for (var file : new String[] {"grpc.json", "proto.json"}) {
        awaitIn(
            sink,
            file,
            "\"stringValue\":\"Everything is ready. Begin running and processing data.\"",
            "\"severityNumber\":9,\"severityText\":\"info\"",
            "{\"key\":\"service.name\",\"value\":{\"stringValue\":\"sluice\"}}",
            "{\"key\":\"otelcol.component.id\",\"value\":{\"stringValue\":\"otlp\"}}");
      }
      assertThat(gateway.log()).contains("Everything is ready.");
    }
  }

  @Test
  void aReaderThatReachesNobodySaysSoAndHoldsUpNothing() {
    try (var gateway = Gateway.sluice(SENDER.formatted(1, 1, 1))) {
      gateway.server().awaitLog("Own metrics were not sent", 3);
      send(gateway);
      assertThat(gateway.scrape())
          .contains("otelcol_receiver_accepted_spans{receiver=\"otlp\",transport=\"grpc\"} 5");
    }
  }

  @Test
  void aReloadChangesLevelAndViewsAndTheSocketStays() {
    try (var gateway = Gateway.sluice(PLAIN)) {
      send(gateway);
      assertThat(gateway.scrape()).doesNotContain("rpc_server").contains("process_uptime");
      gateway.reload(
          PLAIN.replace(
              "level: normal",
              "level: detailed\n      views: [{selector: {instrument_name: otelcol_process_*},"
                  + " stream: {aggregation: {drop: {}}}}]"));
      gateway.server().awaitLog("Configuration reloaded.", 1);
      send(gateway);
      Eventually.happens(
          () ->
              gateway
                  .scrape()
                  .contains(
                      "rpc_server_call_duration_count{rpc_method="
                          + "\"opentelemetry.proto.collector.trace.v1.TraceService/Export\","
                          + "rpc_response_status_code=\"OK\",rpc_system_name=\"grpc\"} 1"),
          gateway::scrape);
      assertThat(gateway.scrape()).doesNotContain("process_uptime");
      gateway.reload(PLAIN);
      gateway.server().awaitLog("Configuration reloaded.", 2);
      assertThat(gateway.scrape()).doesNotContain("rpc_server").contains("process_uptime");
    }
  }

  @Test
  void aReloadMovesTheEndpoint() {
    try (var gateway = Gateway.sluice(PLAIN.replace("@metrics@", "@first@"))) {
      assertThat(Http.get(gateway.uri("first", "/metrics")).status()).isEqualTo(200);
      gateway.reload(PLAIN);
      gateway.server().awaitLog("Configuration reloaded.", 1);
      assertThat(gateway.scrape()).contains("otelcol_process_uptime");
      assertThatThrownBy(
              () -> new Socket(InetAddress.getLoopbackAddress(), gateway.port("first")).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void aReloadMayWidenTheAddressOfAPort() {
    try (var gateway = Gateway.sluice(PLAIN)) {
      gateway.reload(PLAIN.replace("host: 127.0.0.1", "host: 0.0.0.0"));
      gateway.server().awaitLog("Configuration reloaded.", 1);
      assertThat(gateway.scrape()).contains("otelcol_process_uptime");
    }
  }

  @Test
  void aPortThatIsTakenLeavesAllAsItWasAndSaysWhy() {
    try (var other = Gateway.start(Kind.SLUICE, PLAIN);
        var gateway = Gateway.sluice(PLAIN)) {
      var taken = String.valueOf(other.port("metrics"));
      gateway.reload(PLAIN.replace("@metrics@", taken).replace("level: normal", "level: detailed"));
      gateway.server().awaitLog("the one before goes on", 1);
      assertThat(gateway.log()).contains("cannot listen on 127.0.0.1:" + taken);
      send(gateway);
      assertThat(gateway.scrape()).contains("otelcol_process_uptime").doesNotContain("rpc_server");
    }
  }
}
