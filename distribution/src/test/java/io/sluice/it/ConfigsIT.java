package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.Gateway.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
    rows.addAll(documented());
    rows.addAll(telemetry());
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
        refused("broken YAML from the environment", batch("\"${env:IT_BAD}\"")),
        accepted("map from the environment in a text", exporter(header("${env:IT_MAP}"))),
        accepted("number from the environment for a text", exporter(header("${env:IT_NUMBER}"))),
        accepted("broken YAML from the environment for a text", exporter(header("${env:IT_BAD}"))),
        accepted("default with colons", exporter(header("${env:IT_NONE:-http://a:1}"))),
        accepted("default within a default", exporter(header("${env:IT_NONE:-${env:IT_TEXT}}"))),
        accepted("dollars", exporter(header("$$ $$${env:IT_TEXT} a$"))),
        refused("reference that does not end", batch("{timeout: \"${env:IT_NONE\"}")),
        refused("list of numbers for texts", batch("{metadata_keys: [1]}")),
        accepted(
            "numbers from the environment in a list",
            batch("{metadata_keys: [\"${env:IT_NUMBER}\"]}")),
        refused(
            "number for a duration from the environment",
            batch("{timeout: \"${env:IT_NUMBER}x\"}")),
        accepted(
            "bare number for a duration from the environment",
            batch("{timeout: \"${env:IT_NUMBER}\"}")),
        refused("reference in an id", processor("\"batch/${env:IT_TEXT}\": ")),
        refused("null as an id", processor("null: ")),
        refused("number as an id", processor("1: ")),
        accepted("merge key", batch("{<<: {timeout: 1s}, send_batch_size: 5}")),
        new Row(
            "a directive of YAML 1.2",
            Both.LOOSER,
            "%YAML 1.2\n---\n" + RECEIVERS + EXPORTERS + SERVICE,
            "the directive is right"),
        stricter(
            "a tag", batch("{metadata_keys: [!!binary YQ==]}"), "no tags but those of YAML's core"),
        stricter(
            "integer that does not fit",
            batch("{send_batch_size: 4294967296}"),
            "there it is another number"),
        stricter(
            "fraction for an integer",
            batch("{send_batch_size: 5.5}"),
            "there the fraction is cut"));
  }

  private static String header(String value) {
    return "otlp_grpc: {endpoint: \"a:1\", headers: {h: \"" + value + "\"}}";
  }

  /// What the Collector's documents and its components' own tests show.
  private static List<Row> documented() {
    return List.of(
        accepted(
            "gRPC on a socket", otlp("{protocols: {grpc: {transport: unix, endpoint: /tmp/s}}}")),
        accepted(
            "HTTP on a socket", otlp("{protocols: {http: {transport: unix, endpoint: /tmp/s}}}")),
        refused(
            "path without a slash", otlp("{protocols: {http: {traces_url_path: \":invalid\"}}}")),
        accepted(
            "keepalive",
            otlp(
                "{protocols: {grpc: {keepalive: {server_parameters: {max_connection_idle: 11s, time: 30s}, enforcement_policy: {min_time: 10s, permit_without_stream: true}}}}}")),
        accepted(
            "mutual TLS",
            otlp(
                "{protocols: {grpc: {tls: {cert_file: c.crt, key_file: c.key, client_ca_file: ca.crt, reload_interval: 5s}}}}")),
        refused("certificate without key", otlp("{protocols: {grpc: {tls: {cert_file: c.crt}}}}")),
        accepted(
            "CORS",
            otlp(
                "{protocols: {http: {cors: {allowed_origins: [\"https://*.a\"], max_age: 7200}}}}")),
        accepted(
            "queue with a batch in bytes",
            exporter(
                "otlp_grpc: {endpoint: \"a:1\", sending_queue: {sizer: bytes, queue_size: 100000, batch: {min_size: 10, max_size: 20}}}")),
        stricter(
            "queue in bytes with an empty batch",
            exporter("otlp_grpc: {endpoint: \"a:1\", sending_queue: {sizer: bytes, batch: }}"),
            "an empty batch counts as the queue does"),
        refused(
            "batch above its maximum",
            exporter(
                "otlp_grpc: {endpoint: \"a:1\", sending_queue: {batch: {min_size: 30, max_size: 20}}}")),
        accepted(
            "queue that is off",
            exporter("otlp_grpc: {endpoint: \"a:1\", sending_queue: {enabled: false}}")),
        accepted(
            "endpoint of each signal",
            exporter(
                "otlp_http: {traces_endpoint: \"http://a:1/t\", metrics_endpoint: \"http://a:1/m\", logs_endpoint: \"http://a:1/l\"}")),
        stricter("endpoint that is no URL", exporter("otlp_http: {endpoint: \"::\"}"), AT_START),
        accepted(
            "level of a compression",
            exporter(
                "otlp_http: {endpoint: \"http://a:1\", compression: zstd, compression_params: {level: 3}}")),
        accepted(
            "file with rotation",
            exporter(
                "file: {path: /tmp/x, format: proto, compression: zstd, rotation: {max_megabytes: 10, max_days: 3, max_backups: 3, localtime: true}}")),
        accepted(
            "file in groups",
            exporter(
                "file: {path: \"/tmp/*/x\", group_by: {enabled: true, resource_attribute: a, max_open_files: 10}}")),
        refused(
            "file in groups without a star",
            exporter("file: {path: /tmp/x, group_by: {enabled: true}}")),
        accepted(
            "memory_limiter in percent",
            processor(
                "memory_limiter: {check_interval: 1s, limit_percentage: 50, spike_limit_percentage: 30}")),
        accepted(
            "health_check",
            "extensions: {health_check: {endpoint: \"localhost:13133\", path: /h, response_body: {healthy: y, unhealthy: n}}}\n"
                + RECEIVERS
                + EXPORTERS
                + SERVICE),
        accepted(
            "health_check with a threshold that it ignores",
            "extensions: {health_check: {check_collector_pipeline: {enabled: false, interval: 5m, exporter_failure_threshold: -1}}}\n"
                + RECEIVERS
                + EXPORTERS
                + SERVICE),
        refused(
            "health_check on no port",
            "extensions: {health_check: {endpoint: \"\"}}\n" + RECEIVERS + EXPORTERS + SERVICE),
        accepted(
            "attributes of all kinds",
            processor(
                "attributes: {include: {match_type: regexp, regexp: {cacheenabled: true, cachemaxnumentries: 1000}, services: [a.*]}, actions: [{key: a, action: delete}, {key: b, value: 1, action: upsert}, {pattern: c, action: hash}]}")),
        refused(
            "unknown match_type in use",
            RECEIVERS
                + "processors: {attributes: {include: {match_types: strict}, actions: [{key: a, action: delete}]}}\n"
                + EXPORTERS
                + SERVICE),
        stricter(
            "one key both nested and joined by ::",
            batch("{timeout: 1s}") + "processors::batch::timeout: 5s\n",
            "there it is left to chance which one counts"));
  }

  private static List<Row> telemetry() {
    return List.of(
        accepted("logs", telemetry("logs: {level: DEBUG, encoding: json, output_paths: [stdout]}")),
        accepted(
            "fields of logs",
            telemetry("logs: {initial_fields: {a: b}, sampling: {enabled: false}}")),
        accepted("resource", telemetry("resource: {service.name: a, b: }")),
        refused("address", telemetry("metrics: {address: \"localhost:8888\"}")),
        accepted("no metrics", telemetry("metrics: {level: none}")),
        accepted(
            "where metrics are read",
            telemetry(
                "metrics: {readers: [{pull: {exporter: {prometheus: {host: a, port: 1}}}}]}")),
        accepted(
            "metrics are sent",
            telemetry(
                "metrics: {readers: [{periodic: {exporter: {otlp: {protocol: http/protobuf, endpoint: \"http://a:1\"}}}}]}")),
        refused("unknown key", telemetry("unknown: 1")));
  }

  private static String telemetry(String text) {
    return RECEIVERS
        + EXPORTERS
        + "service: {telemetry: {"
        + text
        + "}, pipelines: {traces: {receivers: [otlp], exporters: [nop]}}}\n";
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
