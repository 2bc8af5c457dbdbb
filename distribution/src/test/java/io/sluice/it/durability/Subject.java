package io.sluice.it.durability;

import io.sluice.it.Peers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A gateway that is put to the test, and how it is set up. Retries are quick in all of them, so that
/// minutes become seconds.
enum Subject {
  SLUICE("Sluice"),
  /// `otlp` → `batch` → `otlp` with a queue in memory.
  COLLECTOR_DEFAULTS("Collector, defaults"),
  /// No `batch`, a queue on disk with fsync, retries without end, senders wait when it is full.
  COLLECTOR_BEST("Collector, best");

  final String title;

  Subject(String title) {
    this.title = title;
  }

  boolean ours() {
    return this == SLUICE;
  }

  /// Whether it claims that what it answered for survives.
  boolean durable() {
    return this != COLLECTOR_DEFAULTS;
  }

  List<String> command(Path config) {
    var program =
        ours() ? Peers.module().resolve("target/sluice/bin/sluice") : Peers.path("otelcol");
    return List.of(program.toString(), "--config=" + config);
  }

  /// @param lanes queues, each with a destination and a directory of its own, that all get everything
  /// @param fsync whether queues are forced to disk
  /// @param bytesMax of a queue on disk; an eighth of it is a segment
  /// @param queueSize in requests
  /// @param giveUp `max_elapsed_time` of the Collector with its defaults
  record Setting(int lanes, boolean fsync, long bytesMax, int queueSize, String giveUp) {
    static final Setting USUAL = new Setting(1, true, 64 << 20, 100_000, "300s");

    Setting lanes(int lanes) {
      return new Setting(lanes, fsync, bytesMax, queueSize, giveUp);
    }

    Setting fsync(boolean fsync) {
      return new Setting(lanes, fsync, bytesMax, queueSize, giveUp);
    }

    Setting bytesMax(long bytesMax) {
      return new Setting(lanes, fsync, bytesMax, queueSize, giveUp);
    }

    Setting giveUp(String giveUp) {
      return new Setting(lanes, fsync, bytesMax, queueSize, giveUp);
    }
  }

  static String exporter(int lane) {
    return "otlp_grpc/l" + lane;
  }

  /// With `@grpc@` and `@metrics@` as ports.
  String yaml(Setting setting, Path data, List<Integer> ports) {
    var lanes = IntStream.range(0, setting.lanes()).boxed().toList();
    var lines = new ArrayList<String>();
    if (durable()) {
      lines.add("extensions:");
      lanes.forEach(
          lane -> lines.add("  file_storage/l" + lane + ": " + storage(setting, data, lane)));
    }
    lines.add("receivers:");
    lines.add("  otlp: {protocols: {grpc: {endpoint: \"127.0.0.1:@grpc@\"}}}");
    lines.add("exporters:");
    lanes.forEach(lane ->
        lines.add(
            "  %s: {endpoint: \"127.0.0.1:%d\", tls: {insecure: true}, compression: none, %s%s}"
                .formatted(
                    exporter(lane),
                    ports.get(lane),
                    RETRY.formatted(elapsed(setting)),
                    queue(setting, lane))));
    if (this == COLLECTOR_DEFAULTS) {
      lines.add("processors:");
      lines.add("  batch: {}");
    }
    lines.add("service:");
    if (durable()) {
      lines.add("  extensions: [" + names(lanes, "file_storage/l") + "]");
    }
    lines.add(METRICS);
    lines.add("  pipelines:");
    lines.add(
        "    traces: {receivers: [otlp], %sexporters: [%s]}"
            .formatted(
                this == COLLECTOR_DEFAULTS ? "processors: [batch], " : "",
                names(lanes, "otlp_grpc/l")));
    return String.join("\n", lines) + "\n";
  }

  private static final String RETRY =
      "timeout: 2s, retry_on_failure: {initial_interval: 50ms, max_interval: 200ms%s}";
  private static final String METRICS =
      "  telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port:"
          + " @metrics@}}}}]}}";

  private static String names(List<Integer> lanes, String prefix) {
    return lanes.stream().map(lane -> prefix + lane).collect(Collectors.joining(", "));
  }

  private String storage(Setting setting, Path data, int lane) {
    var common =
        "{directory: \"%s/l%d\", create_directory: true, fsync: %s"
            .formatted(data, lane, setting.fsync());
    return ours()
        ? common + ", bytes_max: " + setting.bytesMax() + "}"
        : common
            + ", recreate: true, compaction: {on_rebound: true, directory: \"%s/l%d\"}}"
                .formatted(data, lane);
  }

  private String elapsed(Setting setting) {
    return switch (this) {
      case SLUICE -> "";
      case COLLECTOR_DEFAULTS -> ", max_elapsed_time: " + setting.giveUp();
      case COLLECTOR_BEST -> ", max_elapsed_time: 0s";
    };
  }

  private String queue(Setting setting, int lane) {
    return switch (this) {
      case SLUICE ->
          ", sending_queue: {storage: file_storage/l%d, queue_size: %d}"
              .formatted(lane, setting.queueSize());
      case COLLECTOR_BEST ->
          ", sending_queue: {storage: file_storage/l%d, sizer: bytes, queue_size: %d, block_on_overflow: true}"
              .formatted(lane, setting.bytesMax());
      case COLLECTOR_DEFAULTS -> "";
    };
  }
}
