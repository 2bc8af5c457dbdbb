package io.sluice.it;

import static io.sluice.it.ConfigRow.EXPORTERS;
import static io.sluice.it.ConfigRow.RECEIVERS;
import static io.sluice.it.ConfigRow.SERVICE;
import static io.sluice.it.ConfigRow.accepted;
import static io.sluice.it.ConfigRow.batch;
import static io.sluice.it.ConfigRow.exporter;
import static io.sluice.it.ConfigRow.otlp;
import static io.sluice.it.ConfigRow.processor;
import static io.sluice.it.ConfigRow.refused;
import static io.sluice.it.ConfigRow.stricter;

import java.util.List;

/// Ids and keys of components; what the Collector's documents and its components' own tests show.
final class ComponentRows {
  private ComponentRows() {}

  static List<ConfigRow> components() {
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
            ConfigRow.AT_START),
        stricter(
            "action without key",
            processor("attributes: {actions: [{action: delete}]}"),
            ConfigRow.AT_START),
        stricter(
            "insert without value",
            processor("attributes: {actions: [{key: a, action: insert}]}"),
            ConfigRow.AT_START),
        stricter(
            "insert of two sources",
            processor(
                "attributes: {actions: [{key: a, value: 1, from_attribute: b, action: insert}]}"),
            ConfigRow.AT_START),
        stricter(
            "extract without groups",
            processor("attributes: {actions: [{key: a, pattern: \"a.*\", action: extract}]}"),
            ConfigRow.AT_START),
        stricter(
            "broken expression",
            processor("attributes: {actions: [{key: a, pattern: \"(?P<x>\", action: extract}]}"),
            ConfigRow.AT_START),
        stricter(
            "unknown type to convert to",
            processor("attributes: {actions: [{key: a, converted_type: date, action: convert}]}"),
            ConfigRow.AT_START),
        refused("resource without attributes", processor("resource: {}")));
  }

  static List<ConfigRow> documented() {
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
        stricter(
            "endpoint that is no URL",
            exporter("otlp_http: {endpoint: \"::\"}"),
            ConfigRow.AT_START),
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
}
