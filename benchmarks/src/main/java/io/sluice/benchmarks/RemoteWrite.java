package io.sluice.benchmarks;

import io.sluice.data.Signal;
import io.sluice.wire.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// CPU time of the gateway's process for points that it turns into series and writes to a real Prometheus.
///
/// The contenders take turns with the same points, a thousand series each that go on by a second with each request;
/// a label tells theirs from ours. A round ends when Prometheus has as many samples more as it had of the round before.
record RemoteWrite(String name, String title, boolean version2) implements Figure {
  private static final long SEED = 20_260_401;
  private static final int POINTS = 1000;
  private static final int WARM_UP_ROUNDS = 6;
  private static final int REQUESTS = 500;
  private static final double RATIO_ASKED = 3;

  @Override
  public boolean quick() {
    return false;
  }

  private record Contender(Peer peer, List<Double> cpu, List<Long> samples)
      implements AutoCloseable {
    @Override
    public void close() {
      peer.close();
    }
  }

  @Override
  public List<Result> measure(Lab lab) throws IOException, InterruptedException {
    var binary = lab.prometheus();
    if (binary.isEmpty()) {
      lab.out().printf("%s: no Prometheus is given, so this is not measured%n", name);
      return List.of();
    }
    var contenders = new ArrayList<Contender>();
    try (var prometheus = PrometheusServer.start(binary.get(), lab.folder().resolve(name))) {
      contenders.add(contender("sluice", lab, prometheus));
      contenders.add(contender("collector", lab, prometheus));
      for (var each : contenders) {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
          send(each, i);
        }
      }
      for (int i = 0; i < lab.rounds(); i++) {
        for (var each : contenders) {
          measure(each, WARM_UP_ROUNDS + i, prometheus);
        }
      }
      return List.of(result(contenders));
    } finally {
      contenders.forEach(Contender::close);
    }
  }

  /// The same series at one second after the other; one request after the other, so that they come in order.
  private static void send(Contender to, int round) throws InterruptedException {
    var payloads = new ArrayList<Bytes>();
    for (int i = 0; i < REQUESTS; i++) {
      payloads.addAll(new Payloads(SEED, round * REQUESTS + i).requests(Signal.METRICS, 1, POINTS));
    }
    try (var load =
        new GrpcLoad(to.peer.grpcPort(), Signal.METRICS, payloads, Optional.empty(), 1, 1)) {
      load.runRequests(REQUESTS);
    }
  }

  private Contender contender(String who, Lab lab, PrometheusServer prometheus)
      throws IOException, InterruptedException {
    boolean theirs = who.equals("collector");
    var yaml =
        Lab.yaml("remote-write.yaml")
            .replace("ENDPOINT", prometheus.endpoint())
            .replace("WHO", who)
            .replace(
                "MESSAGE", version2 ? "io.prometheus.write.v2.Request" : "prometheus.WriteRequest");
    var gate = "--feature-gates=exporter.prometheusremotewritexporter.enableSendingRW2";
    var peer =
        Peer.start(
            name + "-" + who,
            theirs
                ? List.of(lab.collector().toString(), gate, "--config")
                : List.of(lab.sluice().toString(), "--config"),
            yaml,
            Map.of(),
            lab.folder());
    return new Contender(peer, new ArrayList<>(), new ArrayList<>());
  }

  private static void measure(Contender contender, int round, PrometheusServer prometheus)
      throws IOException, InterruptedException {
    long before = prometheus.settled();
    double cpu = contender.peer.cpuSeconds();
    send(contender, round);
    long samples = prometheus.settled() - before;
    contender.cpu.add((contender.peer.cpuSeconds() - cpu) / (REQUESTS * POINTS / 1e6));
    contender.samples.add(samples);
  }

  private Result result(List<Contender> contenders) {
    var ours = contenders.get(0);
    var theirs = contenders.get(1);
    double ratio = new Series(theirs.cpu).median() / new Series(ours.cpu).median();
    return new Result(
        name,
        title,
        "CPU-s per million items",
        contenders.stream().map(RemoteWrite::row).toList(),
        Result.ratioOf(RATIO_ASKED, ratio),
        List.of(
            String.format(
                Locale.ROOT,
                "samples that Prometheus took in each round, of %d points: Sluice %s, Collector %s",
                REQUESTS * POINTS,
                ours.samples,
                theirs.samples)));
  }

  private static Result.Row row(Contender contender) {
    return Result.Row.of(contender.peer, new Series(contender.cpu), 0);
  }
}
