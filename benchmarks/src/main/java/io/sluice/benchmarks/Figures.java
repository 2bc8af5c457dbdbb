package io.sluice.benchmarks;

import io.sluice.data.Signal;
import io.sluice.transport.codec.Codec;
import java.util.List;

/// All figures there are, in the order they are printed.
final class Figures {
  static final List<Figure> ALL =
      List.of(
          Throughput.of("f1", "traces, gRPC to gRPC", "pass.yaml", Signal.TRACES, 6).quickly(),
          Throughput.of("f1-metrics", "metrics, gRPC to gRPC", "pass.yaml", Signal.METRICS, 4),
          Throughput.of("f1-logs", "logs, gRPC to gRPC", "pass.yaml", Signal.LOGS, 4),
          Throughput.of(
                  "f1-100",
                  "traces, gRPC to gRPC, 100 spans a request",
                  "pass.yaml",
                  Signal.TRACES,
                  0)
              .requests(100, 4, 8),
          Throughput.of(
                  "f1-1", "traces, gRPC to gRPC, one span a request", "pass.yaml", Signal.TRACES, 0)
              .requests(1, 4, 32),
          Throughput.of("f2", "traces, HTTP to HTTP", "http.yaml", Signal.TRACES, 5)
              .by(Throughput.Input.HTTP)
              .withFloor()
              .quickly(),
          Throughput.of("f3", "traces, gzip to gzip", "gzip.yaml", Signal.TRACES, 6)
              .compressed(Codec.GZIP)
              .quickly(),
          Throughput.of(
                  "f3-edit", "traces, gzip to gzip, edited", "gzip-edit.yaml", Signal.TRACES, 3)
              .compressed(Codec.GZIP)
              .quickly(),
          Throughput.of("f3-zstd", "traces, zstd to zstd", "zstd.yaml", Signal.TRACES, 3)
              .compressed(Codec.ZSTD),
          Throughput.of(
                  "f3-zstd-edit",
                  "traces, zstd to zstd, edited",
                  "zstd-edit.yaml",
                  Signal.TRACES,
                  3)
              .compressed(Codec.ZSTD),
          Throughput.of("f4", "traces, four edits", "edit.yaml", Signal.TRACES, 4)
              .beside("pass.yaml", 20)
              .quickly(),
          Throughput.of("f4-hash", "traces, five edits, one a hash", "hash.yaml", Signal.TRACES, 4)
              .beside("pass.yaml", 35),
          Throughput.of("loki", "logs, gRPC to Loki (there: by OTLP)", "loki.yaml", Signal.LOGS, 0)
              .against("loki-otlp.yaml"),
          new Allocation(),
          new Overload(),
          new Flood(),
          new Neighbours(),
          new Durable(),
          Throughput.of("f9", "one span a request, through batch", "batch.yaml", Signal.TRACES, 2)
              .requests(1, 4, 32)
              .perRequest()
              .quickly(),
          new RemoteWrite("rw", "metrics, gRPC to Prometheus by remote write 1.0", false),
          new RemoteWrite("rw2", "metrics, gRPC to Prometheus by remote write 2.0", true),
          new Scrape("pull"),
          new Startup(),
          new BulkDocuments(),
          Throughput.of("f11", "traces, JSON to gRPC", "pass.yaml", Signal.TRACES, 2)
              .by(Throughput.Input.JSON)
              .quickly(),
          Throughput.of(
                  "f12",
                  "100 clients, 10 spans a request, batches of 8192",
                  "batch.yaml",
                  Signal.TRACES,
                  3)
              .requests(10, 100, 1)
              .quickly());

  private Figures() {}
}
