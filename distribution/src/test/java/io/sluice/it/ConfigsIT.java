package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.Gateway.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `validate` of Sluice and of the real Collector agree on which configurations can run; where Sluice is
/// stricter or looser on purpose, the row says why.
final class ConfigsIT {
  private static final String RECEIVERS = "receivers: {otlp: {protocols: {grpc: , http: }}}\n";
  private static final String EXPORTERS = "exporters: {nop: }\n";
  private static final String SERVICE =
      "service: {pipelines: {traces: {receivers: [otlp], exporters: [nop]}}}\n";
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "IT_NUMBER", "17",
          "IT_TEXT", "text",
          "IT_EMPTY", "",
          "IT_MAP", "{send_batch_size: 5}",
          "IT_LIST", "[nop]",
          "IT_DURATION", "3s",
          "IT_BAD", "{a");

  private static final String AT_START = "the Collector finds it when it starts";

  private enum Both {
    ACCEPT,
    REFUSE,
    STRICTER,
    LOOSER
  }

  /// @param why Sluice is stricter or looser
  record Row(String name, Both both, String yaml, String why) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row refused(String name, String yaml) {
    return new Row(name, Both.REFUSE, yaml, "");
  }

  private static Row accepted(String name, String yaml) {
    return new Row(name, Both.ACCEPT, yaml, "");
  }

  private static Row stricter(String name, String yaml, String why) {
    return new Row(name, Both.STRICTER, yaml, why);
  }

  /// A processor `batch` of that body, unused: what is not used is checked too.
  private static String batch(String body) {
    return RECEIVERS + "processors: {batch: " + body + "}\n" + EXPORTERS + SERVICE;
  }

  private static String processor(String text) {
    return RECEIVERS + "processors: {" + text + "}\n" + EXPORTERS + SERVICE;
  }

  private static String exporter(String text) {
    return RECEIVERS + "exporters: {nop: , " + text + "}\n" + SERVICE;
  }

  private static String otlp(String body) {
    return "receivers: {otlp: " + body + "}\n" + EXPORTERS + SERVICE;
  }

  private static String service(String text) {
    return RECEIVERS
        + "processors: {batch: }\nconnectors: {forward: }\n"
        + EXPORTERS
        + "service: "
        + text
        + "\n";
  }

  static Stream<Row> rows() {
    var rows = new ArrayList<Row>();
    rows.addAll(shape());
    rows.addAll(types());
    rows.addAll(components());
    rows.addAll(references());
    rows.addAll(expansion());
    return rows.stream();
  }

  private static List<Row> shape() {
    return List.of(
        accepted("the least", RECEIVERS + EXPORTERS + SERVICE),
        refused("empty", ""),
        refused("a list", "[]"),
        refused("a text", "hello"),
        refused("no YAML", "a: [b"),
        refused("a tab", "receivers:\n\totlp:\n"),
        refused("no receivers", EXPORTERS + SERVICE),
        refused(
            "no exporters", RECEIVERS + "service: {pipelines: {traces: {receivers: [otlp]}}}\n"),
        refused("no service", RECEIVERS + EXPORTERS),
        refused("no pipelines", service("{}")),
        refused("unknown section", RECEIVERS + EXPORTERS + SERVICE + "procesors: {}\n"),
        refused("unknown key in service", service("{pipeline: {}}")),
        refused("one key twice", RECEIVERS + EXPORTERS + SERVICE + EXPORTERS),
        accepted(
            "nothing in sections",
            RECEIVERS + EXPORTERS + SERVICE + "processors:\nconnectors:\nextensions:\n"),
        accepted(
            "keys joined by ::",
            RECEIVERS
                + EXPORTERS
                + "service::pipelines::traces: {receivers: [otlp], exporters: [nop]}\n"),
        accepted("anchors", RECEIVERS + "exporters: {nop: &a {}, nop/b: *a}\n" + SERVICE),
        refused("unknown alias", RECEIVERS + "exporters: {nop: *a}\n" + SERVICE),
        refused(
            "a list as text",
            RECEIVERS
                + EXPORTERS
                + "service: {pipelines: {traces: {receivers: [otlp], exporters: nop}}}\n"));
  }

  private static List<Row> types() {
    return List.of(
        refused("unknown key", batch("{send_batch_sise: 5}")),
        refused("key in capitals", batch("{Timeout: 5s}")),
        refused("text for a number", batch("{send_batch_size: many}")),
        refused("number as text", batch("{send_batch_size: \"5\"}")),
        accepted("decimal for a number", batch("{send_batch_size: 5.0}")),
        refused("below zero for an unsigned number", batch("{send_batch_size: -1}")),
        refused("list for a number", batch("{send_batch_size: [5]}")),
        refused("map for a number", batch("{send_batch_size: {a: 1}}")),
        accepted("null for a number", batch("{send_batch_size: }")),
        refused("scalar for a section", batch("5")),
        refused("list for a section", batch("[5]")),
        accepted("duration", batch("{timeout: 1m2.5s}")),
        accepted("nanoseconds", batch("{timeout: 5}")),
        accepted("zero", batch("{timeout: 0}")),
        refused("duration without unit", batch("{timeout: \"5\"}")),
        refused("unknown unit", batch("{timeout: 5days}")),
        refused("negative duration", batch("{timeout: -5s}")),
        refused("empty duration", batch("{timeout: \"\"}")),
        refused("duration as list", batch("{timeout: [5s]}")),
        refused("number for a text", otlp("{protocols: {grpc: {endpoint: 5}}}")),
        refused("boolean as text", otlp("{protocols: {grpc: {include_metadata: \"true\"}}}")),
        refused("boolean as yes", otlp("{protocols: {grpc: {include_metadata: yes}}}")),
        refused("boolean as number", otlp("{protocols: {grpc: {include_metadata: 1}}}")),
        accepted(
            "list as commas",
            otlp("{protocols: {http: {cors: {allowed_origins: \"http://a,http://b\"}}}}")));
  }

  private static List<Row> components() {
    return List.of(
        refused("unknown receiver", "receivers: {oltp: }\n" + EXPORTERS + SERVICE),
        refused("unknown exporter", exporter("logging: ")),
        refused("exporter as processor", processor("debug: ")),
        refused("bad id", exporter("nop/: ")),
        refused("id that starts with a digit", exporter("1nop: ")),
        refused("id with a symbol", exporter("nop/a+b: ")),
        accepted("long name", exporter("nop/" + "a".repeat(1000) + ": ")),
        refused("too long name", exporter("nop/" + "a".repeat(1025) + ": ")),
        refused("otlp without protocols", otlp("{}")),
        refused("otlp with no protocol", otlp("{protocols: {}}")),
        refused("unknown protocol", otlp("{protocols: {thrift: }}")),
        accepted("only gRPC", otlp("{protocols: {grpc: }}")),
        refused(
            "unknown compression", exporter("otlp_grpc: {endpoint: \"a:1\", compression: brotli}")),
        refused("exporter without endpoint", exporter("otlp_grpc: ")),
        refused("HTTP exporter without endpoint", exporter("otlp_http: ")),
        accepted("old name of otlp_http", exporter("otlphttp: {endpoint: \"http://a:1\"}")),
        accepted("old name of otlp_grpc", exporter("otlp: {endpoint: \"a:1\"}")),
        refused(
            "unknown encoding", exporter("otlp_http: {endpoint: \"http://a:1\", encoding: xml}")),
        refused(
            "queue of none",
            exporter("otlp_grpc: {endpoint: \"a:1\", sending_queue: {queue_size: 0}}")),
        refused(
            "negative consumers",
            exporter("otlp_grpc: {endpoint: \"a:1\", sending_queue: {num_consumers: -1}}")),
        refused(
            "unknown sizer",
            exporter("otlp_grpc: {endpoint: \"a:1\", sending_queue: {sizer: meters}}")),
        refused(
            "retry with a negative interval",
            exporter("otlp_grpc: {endpoint: \"a:1\", retry_on_failure: {initial_interval: -1s}}")),
        refused(
            "retry with a multiplier below zero",
            exporter("otlp_grpc: {endpoint: \"a:1\", retry_on_failure: {multiplier: -1}}")),
        accepted(
            "retry that is off",
            exporter("otlp_grpc: {endpoint: \"a:1\", retry_on_failure: {enabled: false}}")),
        refused("file without path", exporter("file: ")),
        refused("file with unknown format", exporter("file: {path: /tmp/x, format: xml}")),
        refused(
            "file with unknown compression", exporter("file: {path: /tmp/x, compression: gzip}")),
        refused(
            "file that appends and rotates",
            exporter("file: {path: /tmp/x, append: true, rotation: {}}")),
        refused("debug with unknown verbosity", exporter("debug: {verbosity: loud}")),
        accepted(
            "debug",
            exporter("debug: {verbosity: detailed, sampling_initial: 1, sampling_thereafter: 1}")),
        refused("memory_limiter without interval", processor("memory_limiter: {limit_mib: 10}")),
        refused("memory_limiter without limit", processor("memory_limiter: {check_interval: 1s}")),
        refused(
            "memory_limiter with a spike above",
            processor("memory_limiter: {check_interval: 1s, limit_mib: 10, spike_limit_mib: 20}")),
        refused(
            "memory_limiter above 100 percent",
            processor("memory_limiter: {check_interval: 1s, limit_percentage: 101}")),
        refused(
            "batch with a maximum below its size",
            batch("{send_batch_size: 5, send_batch_max_size: 4}")),
        refused("batch with one key twice", batch("{metadata_keys: [a, A]}")),
        refused("attributes without actions", processor("attributes: {}")),
        stricter(
            "unknown action",
            processor("attributes: {actions: [{key: a, action: drop}]}"),
            AT_START),
        stricter(
            "action without key", processor("attributes: {actions: [{action: delete}]}"), AT_START),
        stricter(
            "insert without value",
            processor("attributes: {actions: [{key: a, action: insert}]}"),
            AT_START),
        stricter(
            "insert of two sources",
            processor(
                "attributes: {actions: [{key: a, value: 1, from_attribute: b, action: insert}]}"),
            AT_START),
        stricter(
            "extract without groups",
            processor("attributes: {actions: [{key: a, pattern: \"a.*\", action: extract}]}"),
            AT_START),
        stricter(
            "broken expression",
            processor("attributes: {actions: [{key: a, pattern: \"(?P<x>\", action: extract}]}"),
            AT_START),
        stricter(
            "unknown type to convert to",
            processor("attributes: {actions: [{key: a, converted_type: date, action: convert}]}"),
            AT_START),
        refused("resource without attributes", processor("resource: {}")));
  }

  private static List<Row> references() {
    return List.of(
        refused(
            "unknown receiver in a pipeline",
            service("{pipelines: {traces: {receivers: [x], exporters: [nop]}}}")),
        refused(
            "unknown processor in a pipeline",
            service(
                "{pipelines: {traces: {receivers: [otlp], processors: [x], exporters: [nop]}}}")),
        refused(
            "unknown exporter in a pipeline",
            service("{pipelines: {traces: {receivers: [otlp], exporters: [x]}}}")),
        refused("pipeline without receivers", service("{pipelines: {traces: {exporters: [nop]}}}")),
        refused(
            "pipeline without exporters", service("{pipelines: {traces: {receivers: [otlp]}}}")),
        refused(
            "pipeline of an unknown signal",
            service("{pipelines: {events: {receivers: [otlp], exporters: [nop]}}}")),
        refused(
            "processor twice",
            service(
                "{pipelines: {traces: {receivers: [otlp], processors: [batch, batch], exporters: [nop]}}}")),
        refused(
            "unknown extension",
            service(
                "{extensions: [x], pipelines: {traces: {receivers: [otlp], exporters: [nop]}}}")),
        refused(
            "connector that feeds nobody",
            service("{pipelines: {traces: {receivers: [otlp], exporters: [forward]}}}")),
        refused(
            "connector that nobody feeds",
            service("{pipelines: {traces: {receivers: [forward], exporters: [nop]}}}")),
        refused(
            "circle",
            service("{pipelines: {traces: {receivers: [otlp, forward], exporters: [forward]}}}")),
        refused(
            "connector of another signal",
            service(
                "{pipelines: {traces: {receivers: [otlp], exporters: [forward]}, logs: {receivers: [forward], exporters: [nop]}}}")),
        accepted(
            "connector",
            service(
                "{pipelines: {traces: {receivers: [otlp], exporters: [forward]}, traces/2: {receivers: [forward], exporters: [nop]}}}")),
        refused(
            "unknown log level",
            service(
                "{telemetry: {logs: {level: loud}}, pipelines: {traces: {receivers: [otlp], exporters: [nop]}}}")),
        refused(
            "unknown metrics level",
            service(
                "{telemetry: {metrics: {level: all}}, pipelines: {traces: {receivers: [otlp], exporters: [nop]}}}")));
  }

  private static List<Row> expansion() {
    return List.of(
        accepted("number from the environment", batch("{send_batch_size: \"${env:IT_NUMBER}\"}")),
        accepted("section from the environment", batch("\"${env:IT_MAP}\"")),
        accepted(
            "list from the environment",
            RECEIVERS
                + EXPORTERS
                + "service: {pipelines: {traces: {receivers: [otlp], exporters: \"${IT_LIST}\"}}}\n"),
        accepted("duration from the environment", batch("{timeout: \"${IT_DURATION}\"}")),
        accepted("default", batch("{timeout: \"${env:IT_NONE:-7s}\"}")),
        accepted("unset", batch("{timeout: \"${env:IT_NONE}\"}")),
        accepted("empty", batch("{timeout: \"${env:IT_EMPTY}\"}")),
        refused(
            "text for a number from the environment",
            batch("{send_batch_size: \"${env:IT_TEXT}\"}")),
        refused("part of a number", batch("{send_batch_size: \"1${env:IT_NUMBER}\"}")),
        refused("bad name", batch("{timeout: \"${env:1X}\"}")),
        refused("unknown scheme", batch("{timeout: \"${vault:x}\"}")),
        refused("file that is not there", batch("{timeout: \"${file:/nonexistent}\"}")),
        refused("broken YAML from the environment", batch("\"${env:IT_BAD}\"")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void bothAgree(Row row) {
    var file = Programs.write(Gateway.newFolder().resolve("config.yaml"), row.yaml).toString();
    var collector = validate(Kind.COLLECTOR, file);
    var sluice = validate(Kind.SLUICE, file);
    assertThat(verdict(collector) + verdict(sluice))
        .as("%s\nCollector: %s\nSluice: %s", row.yaml, collector.output(), sluice.output())
        .isEqualTo(
            switch (row.both) {
              case ACCEPT -> "accepted accepted ";
              case REFUSE -> "refused refused ";
              case STRICTER -> "accepted refused ";
              case LOOSER -> "refused accepted ";
            });
    if (sluice.status() != 0 && !row.yaml.isEmpty()) {
      assertThat(sluice.output()).as("says where").containsPattern("config\\.yaml(:\\d+|:? )");
    }
  }

  private static String verdict(Programs.Ended ended) {
    return ended.status() == 0 ? "accepted " : "refused ";
  }

  private static Programs.Ended validate(Kind kind, String file) {
    return Programs.run(ENVIRONMENT, kind.command("validate", "--config=" + file));
  }
}
