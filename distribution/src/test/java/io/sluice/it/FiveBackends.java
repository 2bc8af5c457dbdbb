package io.sluice.it;

import io.sluice.testkit.Json;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The four real servers of the example `five-backends` and its stand-in for Tempo, behind a gateway with its
/// configuration. Each is asked by its own API for the numbers it has ([NumberSender]).
final class FiveBackends implements AutoCloseable {
  static final String TENANT = "team-a";
  static final Path EXAMPLE = Peers.module().resolveSibling("examples/five-backends");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:(\\w+):-([^}]*)}");
  private static final Pattern NAME = Pattern.compile("n-(\\d+)");

  private Prometheus prometheus = Prometheus.start();
  private Loki loki = Loki.start();
  private Jaeger jaeger = Jaeger.start();
  private SearchServer elasticsearch = SearchServer.start("elasticsearch");
  private TempoStandIn tempo = TempoStandIn.start(EXAMPLE);
  final Gateway sluice = Gateway.sluice(yaml());

  enum Backend {
    PROMETHEUS,
    LOKI,
    TEMPO,
    JAEGER,
    ELASTICSEARCH;

    /// Whether it has after its death what it had before.
    boolean remembers() {
      return this != TEMPO && this != JAEGER;
    }
  }

  /// The file of the example with its variables filled in.
  private String yaml() {
    var known =
        Map.of(
            "GRPC",
            "@grpc@",
            "HTTP",
            "@http@",
            "METRICS",
            "@metrics@",
            "QUEUE",
            "%dir%/queue",
            "RETRY",
            "1s",
            "PROMETHEUS",
            prometheus.endpoint().replace("/api/v1/write", ""),
            "LOKI",
            loki.uri("").toString(),
            "TEMPO",
            tempo.uri("").toString(),
            "JAEGER",
            "127.0.0.1:" + jaeger.port("grpc"),
            "ELASTICSEARCH",
            elasticsearch.endpoint());
    return VARIABLE
        .matcher(Programs.read(EXAMPLE.resolve("gateway.yaml")))
        .replaceAll(found -> known.getOrDefault(found.group(1), found.group(2)));
  }

  /// The numbers a backend has, each as often as it has it.
  ///
  /// @param asked one that can only be asked for what one knows is asked for these
  List<Long> found(Backend backend, Set<Long> asked) {
    return switch (backend) {
      case PROMETHEUS -> {
        long end = System.currentTimeMillis() / 1000 + 1;
        yield prometheus.select("last_over_time(number[1h])", end).stream()
            .map(series -> Json.text(Json.object(series.get("metric")).get("n")))
            .map(FiveBackends::number)
            .toList();
      }
      case LOKI ->
          loki.select(TENANT, "{service_name=\"five\"}").stream()
              .map(entry -> number(entry.line()))
              .toList();
      case TEMPO ->
          asked.stream()
              .flatMap(number -> tempo.spans(TENANT, NumberSender.trace(number)).stream())
              .map(FiveBackends::number)
              .toList();
      case JAEGER -> jaeger();
      case ELASTICSEARCH -> {
        var logs = new ArrayList<>(documents("logs-*"));
        logs.retainAll(documents("traces-*")); // both have to be there
        yield logs;
      }
    };
  }

  private List<Long> jaeger() {
    var found = new ArrayList<Long>();
    var answer = jaeger.query("/api/traces?limit=10000&lookback=1h&service=five").text();
    for (var each : Json.list(Json.object(answer).get("data"))) {
      for (var span : Json.list(Json.object(each).get("spans"))) {
        found.add(number(Json.text(Json.object(span).get("operationName"))));
      }
    }
    return found;
  }

  /// The test's own numbers in the documents of these indices.
  private List<Long> documents(String index) {
    var uri = URI.create(elasticsearch.endpoint() + "/" + index + "/_search?size=10000");
    return NAME.matcher(Http.get(uri).text())
        .results()
        .map(MatchResult::group)
        .map(FiveBackends::number)
        .toList();
  }

  private static long number(String name) {
    var matcher = NAME.matcher(name);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  void kill(Backend backend) {
    switch (backend) {
      case PROMETHEUS -> prometheus.kill();
      case LOKI -> loki.kill();
      case TEMPO -> tempo.kill();
      case JAEGER -> jaeger.kill();
      case ELASTICSEARCH -> elasticsearch.kill();
    }
  }

  void again(Backend backend) {
    switch (backend) {
      case PROMETHEUS -> prometheus = prometheus.again();
      case LOKI -> loki = loki.again();
      case TEMPO -> tempo = tempo.again();
      case JAEGER -> jaeger = jaeger.again();
      case ELASTICSEARCH -> elasticsearch = elasticsearch.again();
    }
  }

  /// The gateway first: what it holds has somewhere to go.
  @Override
  public void close() {
    sluice.close();
    prometheus.close();
    loki.close();
    jaeger.close();
    elasticsearch.close();
    tempo.close();
  }
}
