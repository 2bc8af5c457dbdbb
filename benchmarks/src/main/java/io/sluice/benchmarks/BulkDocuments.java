package io.sluice.benchmarks;

import io.sluice.data.Signal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// CPU time of the gateway for log records that become documents in mode `otel`, with gzip. No Collector with
/// this exporter can be built from its registry, so what stands beside is Sluice's own leg from gRPC without
/// compression to gRPC with gzip.
record BulkDocuments() implements Figure {
  private static final int ITEMS = 1000;
  private static final String NAME = "es";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean quick() {
    return false;
  }

  @Override
  public List<Result> measure(Lab lab) throws IOException, InterruptedException {
    try (var otlp = new Sink();
        var bulk = new BulkSink()) {
      var documents = Lab.yaml("bulk.yaml").replace("BULK_OUT", String.valueOf(bulk.port()));
      return List.of(
          new Result(
              NAME,
              "logs to documents by _bulk; beside it Sluice's own OTLP with gzip",
              "CPU-s per million items",
              List.of(
                  row("sluice", documents, bulk::documents, otlp, lab),
                  row("sluice-otlp", Lab.yaml("gzip.yaml"), otlp::items, otlp, lab)),
              Optional.empty(),
              List.of(ITEMS + " records a request, each a document with its resource and scope")));
    }
  }

  private static Result.Row row(String who, String yaml, LongSupplier arrived, Sink otlp, Lab lab)
      throws IOException, InterruptedException {
    var payloads = new Payloads(1).requests(Signal.LOGS, 32, ITEMS);
    var text = yaml.replace("SIGNAL", "logs");
    try (var peer = Peer.start(NAME + "-" + who, lab.sluice(), text, otlp, Map.of(), lab.folder());
        var load = new GrpcLoad(peer.grpcPort(), Signal.LOGS, payloads, Optional.empty(), 4, 8)) {
      load.run(lab.warmUpMillis());
      settle(arrived);
      var cpu = new ArrayList<Double>();
      double itemsPerSecond = 0;
      for (int i = 0; i < lab.rounds(); i++) {
        double before = peer.cpuSeconds();
        long items = arrived.getAsLong();
        long start = System.nanoTime();
        load.run(lab.roundMillis());
        settle(arrived);
        long more = arrived.getAsLong() - items;
        cpu.add((peer.cpuSeconds() - before) / (more / 1e6));
        itemsPerSecond = more / ((System.nanoTime() - start) / 1e9);
      }
      return new Result.Row(who, new Series(cpu), itemsPerSecond, peer.rssMib(), peer.peakRssMib());
    }
  }

  /// What is still queued belongs to the round.
  private static void settle(LongSupplier arrived) throws InterruptedException {
    long before = -1;
    while (before != arrived.getAsLong()) {
      before = arrived.getAsLong();
      Thread.sleep(500);
    }
  }
}
