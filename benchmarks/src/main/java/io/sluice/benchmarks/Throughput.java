package io.sluice.benchmarks;

import io.sluice.data.OtlpJson;
import io.sluice.data.Signal;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Encoder;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// CPU time of the gateway's process (user and system, from `/proc`) for the items that arrive at the
/// sink, under as much load as it takes.
///
/// The contenders take turns, so that a machine that changes its speed changes it for all. Load and
/// sink live in this process; what they need themselves is printed beside.
final class Throughput implements Figure {
  private static final long SEED = 20_260_101;
  private static final int ITEMS_IN_MEMORY = 32_000;
  private static final int REQUESTS_MAX = 2_000;

  private final String name;
  private final String title;
  private final String yaml;
  private final Signal signal;
  private final double reach;
  private boolean quick;
  private Optional<String> theirs = Optional.empty();
  private Optional<String> beside = Optional.empty();
  private double moreMax;
  private boolean floor;
  private Input input = Input.GRPC;
  private Optional<Codec> codec = Optional.empty();
  private int itemsPerRequest = 1000;
  private int connections = 4;
  private int streams = 8;
  private boolean perRequest;

  /// How requests come in.
  enum Input {
    GRPC,
    HTTP,
    JSON
  }

  private Throughput(String name, String title, String yaml, Signal signal, double reach) {
    this.name = name;
    this.title = title;
    this.yaml = yaml;
    this.signal = signal;
    this.reach = reach;
  }

  /// Requests of 1000 items by gRPC over four connections of eight calls each, unless said otherwise.
  ///
  /// @param yaml the configuration of both gateways
  /// @param reach the ratio that is asked for; 0 for none
  static Throughput of(String name, String title, String yaml, Signal signal, double reach) {
    return new Throughput(name, title, yaml, signal, reach);
  }

  /// Measured by `--quick` too.
  Throughput quickly() {
    quick = true;
    return this;
  }

  /// Sluice with another configuration, to compare its own figure with.
  ///
  /// @param percentMax how much more than that is asked for at most
  Throughput beside(String other, double percentMax) {
    beside = Optional.of(other);
    moreMax = percentMax;
    return this;
  }

  /// The Collector does the same by another configuration.
  Throughput against(String other) {
    theirs = Optional.of(other);
    return this;
  }

  /// nginx too, where it is installed.
  Throughput withFloor() {
    floor = true;
    return this;
  }

  Throughput by(Input other) {
    input = other;
    connections = 8;
    streams = 1;
    return this;
  }

  Throughput compressed(Codec by) {
    codec = Optional.of(by);
    return this;
  }

  /// @param items also decides how many different requests there are
  Throughput requests(int items, int onConnections, int withStreams) {
    itemsPerRequest = items;
    connections = onConnections;
    streams = withStreams;
    return this;
  }

  /// In microseconds a request, and not in seconds per million items.
  Throughput perRequest() {
    perRequest = true;
    return this;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean quick() {
    return quick;
  }

  /// What one gateway did in one round.
  ///
  /// @param busy processors that load and sink kept busy
  /// @param merged items in one request at the sink
  private record Round(
      double cpu, double itemsPerSecond, double ownCpu, double busy, double merged) {}

  private record Contender(Peer peer, Load load, List<Round> rounds) implements AutoCloseable {
    Series cpu() {
      return new Series(rounds.stream().map(Round::cpu).toList());
    }

    double itemsPerSecond() {
      return new Series(rounds.stream().map(Round::itemsPerSecond).toList()).median();
    }

    double ownCpu() {
      return new Series(rounds.stream().map(Round::ownCpu).toList()).median();
    }

    double busy() {
      return new Series(rounds.stream().map(Round::busy).toList()).max();
    }

    double merged() {
      return new Series(rounds.stream().map(Round::merged).toList()).median();
    }

    @Override
    public void close() {
      load.close();
      peer.close();
    }
  }

  @Override
  public List<Result> measure(Lab lab) throws IOException, InterruptedException {
    int requests = Math.min(REQUESTS_MAX, ITEMS_IN_MEMORY / itemsPerRequest);
    var payloads = new Payloads(SEED).requests(signal, requests, itemsPerRequest);
    var contenders = new ArrayList<Contender>();
    try (var sink = new Sink()) {
      contenders.add(contender("sluice", lab, yaml, sink, payloads));
      contenders.add(contender("collector", lab, theirs.orElse(yaml), sink, payloads));
      if (beside.isPresent()) {
        contenders.add(contender("sluice-beside", lab, beside.get(), sink, payloads));
      }
      if (floor && lab.nginx()) {
        var nginx = Peer.nginx(name + "-nginx", Lab.yaml("nginx.conf"), sink, lab.folder());
        contenders.add(new Contender(nginx, load(nginx, payloads), new ArrayList<>()));
      }
      for (var contender : contenders) {
        contender.load.run(lab.warmUpMillis());
        settle(sink);
      }
      for (int i = 0; i < lab.rounds(); i++) {
        for (var contender : contenders) {
          contender.rounds.add(round(contender, sink, lab));
        }
      }
      return List.of(result(contenders, payloads));
    } finally {
      contenders.forEach(Contender::close);
    }
  }

  private Contender contender(String who, Lab lab, String config, Sink sink, List<Bytes> payloads)
      throws IOException, InterruptedException {
    var program = who.equals("collector") ? lab.collector() : lab.sluice();
    var peer =
        Peer.start(
            name + "-" + who,
            program,
            Lab.yaml(config).replace("SIGNAL", signal.name().toLowerCase(Locale.ROOT)),
            sink,
            Map.of(),
            lab.folder());
    return new Contender(peer, load(peer, payloads), new ArrayList<>());
  }

  private Load load(Peer peer, List<Bytes> payloads) {
    return switch (input) {
      case GRPC -> new GrpcLoad(peer.grpcPort(), signal, payloads, codec, connections, streams);
      case HTTP ->
          new HttpLoad(
              peer.httpPort(),
              path(),
              "application/x-protobuf",
              codec,
              bodies(payloads),
              connections);
      case JSON ->
          new HttpLoad(
              peer.httpPort(), path(), "application/json", codec, json(payloads), connections);
    };
  }

  private String path() {
    return "/v1/" + signal.name().toLowerCase(Locale.ROOT);
  }

  private List<byte[]> bodies(List<Bytes> payloads) {
    if (codec.isEmpty()) {
      return payloads.stream().map(Bytes::toArray).toList();
    }
    try (var encoder = Encoder.of(codec.get(), OptionalInt.empty())) {
      return payloads.stream().map(p -> encoder.encode(Rope.of(p)).toArray()).toList();
    }
  }

  private List<byte[]> json(List<Bytes> payloads) {
    return payloads.stream().map(this::json).toList();
  }

  private byte[] json(Bytes payload) {
    var out = new ByteArrayOutputStream();
    try {
      OtlpJson.encode(signal, Rope.of(payload), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private Round round(Contender contender, Sink sink, Lab lab) throws InterruptedException {
    contender.load.failures();
    double cpu = contender.peer.cpuSeconds();
    double ownCpu = ownCpuSeconds();
    long items = sink.items();
    long requests = sink.requests();
    long start = System.nanoTime();
    contender.load.run(lab.roundMillis());
    settle(sink);
    double seconds = (System.nanoTime() - start) / 1e9;
    long arrived = sink.items() - items;
    if (arrived == 0) {
      throw new IllegalStateException(contender.peer.name() + ": nothing arrived at the sink");
    }
    long failures = contender.load.failures();
    if (failures > 0) {
      lab.out().printf("%s: %d requests were not taken%n", contender.peer.name(), failures);
    }
    double own = ownCpuSeconds() - ownCpu;
    double scale = perRequest ? arrived / (double) itemsPerRequest / 1e6 : arrived / 1e6;
    return new Round(
        (contender.peer.cpuSeconds() - cpu) / scale,
        arrived / seconds,
        own / scale,
        own / seconds,
        (double) arrived / (sink.requests() - requests));
  }

  /// What is still queued belongs to this round.
  private static void settle(Sink sink) throws InterruptedException {
    long before = -1;
    while (before != sink.items()) {
      before = sink.items();
      Thread.sleep(250);
    }
  }

  private static double ownCpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  private Result result(List<Contender> contenders, List<Bytes> payloads) {
    var ours = contenders.get(0);
    var theirs = contenders.get(1);
    var notes = new ArrayList<String>();
    long bytes = payloads.stream().mapToLong(Bytes::length).sum();
    notes.add(
        String.format(
            Locale.ROOT,
            "%d items a request, %d bytes an item on the wire, %d connections x %d",
            itemsPerRequest,
            bytes / payloads.size() / itemsPerRequest,
            connections,
            streams));
    notes.add(
        String.format(
            Locale.ROOT,
            "load and sink took %.3f beside Sluice, %.3f beside the Collector; of %d processors they kept %.2f and %.2f busy at most",
            ours.ownCpu(),
            theirs.ownCpu(),
            Runtime.getRuntime().availableProcessors(),
            ours.busy(),
            theirs.busy()));
    notes.add(
        String.format(
            Locale.ROOT,
            "%.0f items in a request at the sink from Sluice, %.0f from the Collector",
            ours.merged(),
            theirs.merged()));
    if (floor) {
      notes.add(floorNote(contenders));
    }
    var target = Result.ratioOf(reach, theirs.cpu().median() / ours.cpu().median());
    if (beside.isPresent()) {
      double more = (ours.cpu().median() / contenders.get(2).cpu().median() - 1) * 100;
      target =
          target.map(ratio ->
              ratio.and(String.format(Locale.ROOT, "at most +%.0f %%", moreMax), more <= moreMax));
      notes.add(
          String.format(
              Locale.ROOT,
              "Sluice with %s: %.3f, so this costs %+.1f %%",
              beside.get(),
              contenders.get(2).cpu().median(),
              more));
    }
    return new Result(
        name,
        title,
        perRequest ? "CPU us a request" : "CPU-s per million items",
        contenders.stream().map(Throughput::row).toList(),
        target,
        notes);
  }

  private static String floorNote(List<Contender> contenders) {
    if (contenders.size() < 3) {
      return "nginx is not installed: no floor";
    }
    return String.format(
        Locale.ROOT,
        "nginx, which does not look inside: %.3f; Sluice takes %.1f times that",
        contenders.getLast().cpu().median(),
        contenders.getFirst().cpu().median() / contenders.getLast().cpu().median());
  }

  private static Result.Row row(Contender contender) {
    return Result.Row.of(contender.peer, contender.cpu(), contender.itemsPerSecond());
  }
}
