package io.sluice.benchmarks;

import io.sluice.data.Signal;
import io.sluice.wire.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// CPU time of the gateway's process for points that it keeps for a page, and for the page, which is asked for now and
/// then. The contenders take turns with the same points, a thousand series that go on.
record Scrape(String name) implements Figure {
  private static final long SEED = 20_260_402;
  private static final int POINTS = 1000;
  private static final int WARM_UP_ROUNDS = 6;
  private static final int REQUESTS = 100;
  private static final int SCRAPES = 5;

  @Override
  public boolean quick() {
    return false;
  }

  private record Contender(Peer peer, URI page, List<Double> cpu, List<Long> lines) {}

  @Override
  public List<Result> measure(Lab lab) throws IOException, InterruptedException {
    var contenders = new ArrayList<Contender>();
    try (var http = HttpClient.newHttpClient()) {
      contenders.add(contender("sluice", lab));
      contenders.add(contender("collector", lab));
      for (int i = 0; i < WARM_UP_ROUNDS + lab.rounds(); i++) {
        for (var each : contenders) {
          double before = each.peer.cpuSeconds();
          long lines = round(each, i, http);
          if (i >= WARM_UP_ROUNDS) {
            each.cpu.add((each.peer.cpuSeconds() - before) / (SCRAPES * REQUESTS * POINTS / 1e6));
            each.lines.add(lines);
          }
        }
      }
      return List.of(result(contenders));
    } finally {
      contenders.forEach(each -> each.peer.close());
    }
  }

  private Contender contender(String who, Lab lab) throws IOException, InterruptedException {
    int port = freePort();
    var peer =
        Peer.start(
            name + "-" + who,
            List.of(
                (who.equals("collector") ? lab.collector() : lab.sluice()).toString(), "--config"),
            Lab.yaml("pull.yaml").replace("PAGE", String.valueOf(port)),
            Map.of(),
            lab.folder());
    var page = URI.create("http://127.0.0.1:" + port + "/metrics");
    return new Contender(peer, page, new ArrayList<>(), new ArrayList<>());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// @return how many samples the last page had
  private static long round(Contender to, int round, HttpClient http)
      throws IOException, InterruptedException {
    long lines = 0;
    for (int scrape = 0; scrape < SCRAPES; scrape++) {
      var payloads = new ArrayList<Bytes>();
      for (int i = 0; i < REQUESTS; i++) {
        int second = (round * SCRAPES + scrape) * REQUESTS + i;
        payloads.addAll(new Payloads(SEED, second).requests(Signal.METRICS, 1, POINTS));
      }
      try (var load =
          new GrpcLoad(to.peer.grpcPort(), Signal.METRICS, payloads, Optional.empty(), 1, 1)) {
        load.runRequests(REQUESTS);
      }
      var page =
          http.send(HttpRequest.newBuilder(to.page).build(), HttpResponse.BodyHandlers.ofLines());
      lines = page.body().filter(line -> !line.startsWith("#")).count();
    }
    return lines;
  }

  private Result result(List<Contender> contenders) {
    var ours = contenders.get(0);
    var theirs = contenders.get(1);
    return new Result(
        name,
        "metrics, gRPC to a page that is scraped",
        "CPU-s per million items",
        contenders.stream().map(Scrape::row).toList(),
        Optional.empty(),
        List.of(
            String.format(
                Locale.ROOT,
                "samples on the last page of each round: Sluice %s, Collector %s",
                ours.lines,
                theirs.lines)));
  }

  private static Result.Row row(Contender contender) {
    return Result.Row.of(contender.peer, new Series(contender.cpu), 0);
  }
}
