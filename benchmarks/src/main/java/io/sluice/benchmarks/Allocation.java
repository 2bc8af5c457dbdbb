package io.sluice.benchmarks;

import io.sluice.data.Signal;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Bytes that each gateway allocates on its heap for one span on the way through, by its own
/// `otelcol_process_runtime_total_alloc_bytes`.
record Allocation() implements Figure {
  private static final int ITEMS = 1000;
  private static final long LOAD_MILLIS = 3_000;
  private static final String METRIC = "otelcol_process_runtime_total_alloc_bytes";

  @Override
  public String name() {
    return "f1-alloc";
  }

  @Override
  public boolean quick() {
    return true;
  }

  @Override
  public List<Result> measure(Lab lab) throws IOException, InterruptedException {
    return List.of(
        new Result(
            "f1-alloc",
            "heap allocated on the way through",
            "bytes a span",
            List.of(row("sluice", lab), row("collector", lab)),
            Optional.empty(),
            List.of("spans of 800 bytes on the wire, 1000 a request, as in f1")));
  }

  private static Result.Row row(String who, Lab lab) throws IOException, InterruptedException {
    var program = who.equals("collector") ? lab.collector() : lab.sluice();
    var payloads = new Payloads(1).requests(Signal.TRACES, 32, ITEMS);
    var yaml = Lab.yaml("metered.yaml").replace("SIGNAL", "traces");
    try (var sink = new Sink();
        var peer = Peer.start("f1-alloc-" + who, program, yaml, sink, Map.of(), lab.folder());
        var probe = new Probe(peer.morePort(), "/metrics");
        var load = new GrpcLoad(peer.grpcPort(), Signal.TRACES, payloads, Optional.empty(), 4, 8)) {
      load.run(LOAD_MILLIS);
      double before = allocated(probe);
      long items = sink.items();
      load.run(LOAD_MILLIS);
      double bytes = (allocated(probe) - before) / (sink.items() - items);
      return new Result.Row(who, new Series(List.of(bytes)), 0, 0, 0);
    }
  }

  private static double allocated(Probe probe) throws IOException, InterruptedException {
    return probe
        .text()
        .lines()
        .filter(line -> line.startsWith(METRIC))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow(() -> new IOException("no " + METRIC));
  }
}
