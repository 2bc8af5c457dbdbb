package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.Gateway.Kind;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// `validate` of Sluice and of the real Collector agree on which configurations can run; where Sluice is
/// stricter or looser on purpose, the row says why.
final class ConfigsIT {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "IT_NUMBER", "17",
          "IT_TEXT", "text",
          "IT_EMPTY", "",
          "IT_MAP", "{send_batch_size: 5}",
          "IT_LIST", "[nop]",
          "IT_DURATION", "3s",
          "IT_BAD", "{a");

  static Stream<ConfigRow> rows() {
    return Stream.of(
            SyntaxRows.shape(),
            SyntaxRows.types(),
            SyntaxRows.expansion(),
            ComponentRows.components(),
            ComponentRows.documented(),
            ServiceRows.references(),
            ServiceRows.telemetry())
        .flatMap(List::stream);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void bothAgree(ConfigRow row) {
    var file = Programs.write(Gateway.newFolder().resolve("config.yaml"), row.yaml()).toString();
    var collector = validate(Kind.COLLECTOR, file);
    var sluice = validate(Kind.SLUICE, file);
    assertThat(verdict(collector) + verdict(sluice))
        .as("%s\nCollector: %s\nSluice: %s", row.yaml(), collector.output(), sluice.output())
        .isEqualTo(
            switch (row.both()) {
              case ACCEPT -> "accepted accepted ";
              case REFUSE -> "refused refused ";
              case STRICTER -> "accepted refused ";
              case LOOSER -> "refused accepted ";
            });
    if (sluice.status() != 0 && !row.yaml().isEmpty()) {
      assertThat(sluice.output()).as("says where").containsPattern("config\\.yaml(:\\d+|:? )");
    }
  }

  private static final String EVERYTHING =
      """
      receivers: {otlp: {protocols: {grpc: , http: }}}
      processors:
        memory_limiter: {check_interval: 1s, limit_percentage: 80}
        batch:
        attributes: {actions: [{key: a, value: b, action: insert}]}
        resource: {attributes: [{key: a, value: b, action: insert}]}
      connectors: {forward: }
      exporters:
        otlp_grpc: {endpoint: "localhost:4317", tls: {insecure: true}}
        otlp_http: {endpoint: "http://localhost:4318"}
        otlp_http/direct: {endpoint: "http://localhost:4318", sending_queue: {enabled: false}}
        debug:
        file: {path: /tmp/sluice-it-out.json}
        nop:
      extensions: {health_check: }
      service:
        extensions: [health_check]
        telemetry:
          metrics: {readers: [{pull: {exporter: {prometheus: {host: localhost, port: 8888}}}}]}
        pipelines:
          traces:
            receivers: [otlp]
            processors: [memory_limiter, attributes, resource, batch]
            exporters: [debug, otlp_grpc, otlp_http, otlp_http/direct, file, nop, forward]
          traces/2: {receivers: [forward], exporters: [debug]}
      """;

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"COLLECTOR", "SLUICE"})
  void oneValidatesWhatTheOtherPrints(Kind printer) {
    var folder = Gateway.newFolder();
    var written = Programs.write(folder.resolve("config.yaml"), EVERYTHING);
    var printed = folder.resolve("printed.yaml");
    var print = String.join(" ", printer.command("print-config", "--config=" + written));
    var ended = Programs.run("sh", "-c", print + " >" + printed);
    assertThat(ended.status()).as(ended.output()).isZero();

    var other = printer == Kind.SLUICE ? Kind.COLLECTOR : Kind.SLUICE;
    var checked = validate(other, printed.toString());

    assertThat(checked.status()).as(checked.output() + Programs.read(printed)).isZero();
    assertThat(checked.output()).doesNotContain("no value", "no effect");
  }

  private static String verdict(Programs.Ended ended) {
    return ended.status() == 0 ? "accepted " : "refused ";
  }

  private static Programs.Ended validate(Kind kind, String file) {
    return Programs.run(ENVIRONMENT, kind.command("validate", "--config=" + file));
  }
}
