package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.Json;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The example `five-backends`, before four real servers and a stand-in for Tempo. Each is taken away in turn: the
/// others have what is sent meanwhile, and it has all of it when it is back.
final class FiveBackendsIT {
  private static final String TENANT = "team-a";
  private static final int WHILE_ALL_ARE_THERE = 3;
  private static final int WHILE_ONE_IS_AWAY = 8;

  private static final Path EXAMPLE = Peers.module().resolveSibling("examples/five-backends");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:(\\w+):-([^}]*)}");

  private static final Pattern NAME = Pattern.compile("n-\\d+");

  private static Prometheus prometheus;
  private static Loki loki;
  private static Jaeger jaeger;
  private static SearchServer elasticsearch;
  private static Tempo tempo;
  private static Gateway sluice;

  /// What was answered with 200, by its number.
  private static final Set<Integer> ACKED = new TreeSet<>();

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

  @BeforeAll
  static void start() {
    prometheus = Prometheus.start();
    loki = Loki.start();
    jaeger = Jaeger.start();
    elasticsearch = SearchServer.start("elasticsearch");
    tempo = Tempo.start();
    sluice = Gateway.sluice(yaml());
  }

  @AfterAll
  static void stop() {
    sluice.close(); // first: what it holds has somewhere to go
    prometheus.close();
    loki.close();
    jaeger.close();
    elasticsearch.close();
    tempo.close();
  }

  /// The file of the example with its variables filled in.
  private static String yaml() {
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

  @Test
  void theExampleShowsWhatEachBackendHas() {
    var shown = Programs.done(Map.of(), List.of(EXAMPLE.resolve("run").toString()));
    assertThat(shown)
        .contains(
            "shop_orders_total 1 of shop/checkout",
            "card of order 4711 declined, taken on account (tenant team-a)",
            "['charge card', 'POST /checkout'] (tenant team-a)",
            "['POST /checkout', 'charge card']",
            "3 documents in ['logs-generic.otel-default', 'traces-generic.otel-default']");
  }

  @ParameterizedTest
  @EnumSource
  void oneThatIsAwayKeepsNobodyWaitingAndMissesNothing(Backend away) {
    send(WHILE_ALL_ARE_THERE);
    Stream.of(Backend.values()).forEach(backend -> awaits(backend, ACKED));
    var before = Set.copyOf(ACKED);
    kill(away);
    send(WHILE_ONE_IS_AWAY);
    Stream.of(Backend.values())
        .filter(backend -> backend != away)
        .forEach(backend -> awaits(backend, ACKED));
    again(away);
    if (!away.remembers()) {
      ACKED.removeAll(before); // it is asked of nobody any more
    }
    assertThat(ACKED).hasSizeGreaterThanOrEqualTo(WHILE_ONE_IS_AWAY);
    awaits(away, ACKED);
  }

  private static int next;

  private static void send(int count) {
    for (int i = 0; i < count; i++) {
      int number = ++next;
      long now = System.currentTimeMillis() * 1_000_000;
      post("traces", "resourceSpans", "scopeSpans", "spans", span(number, now));
      post("logs", "resourceLogs", "scopeLogs", "logRecords", record(number, now));
      post("metrics", "resourceMetrics", "scopeMetrics", "metrics", gauge(number, now));
      ACKED.add(number);
    }
  }

  private static void post(
      String signal, String resources, String scopes, String items, String item) {
    var json =
        """
        {"%s":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"five"}},
        {"key":"tenant","value":{"stringValue":"%s"}}]},"%s":[{"%s":[%s]}]}]}
        """
            .formatted(resources, TENANT, scopes, items, item);
    var answer =
        Http.post(
            sluice.uri("http", "/v1/" + signal), "application/json", json.getBytes(Programs.UTF_8));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  private static String trace(int number) {
    return "%032x".formatted(number);
  }

  private static String span(int number, long now) {
    return """
    {"traceId":"%s","spanId":"%016x","name":"n-%d","kind":2,"startTimeUnixNano":"%d","endTimeUnixNano":"%d"}
    """
        .formatted(trace(number), number, number, now, now + 1000);
  }

  private static String record(int number, long now) {
    return """
    {"timeUnixNano":"%d","severityNumber":9,"body":{"stringValue":"n-%d"}}
    """
        .formatted(now, number);
  }

  private static String gauge(int number, long now) {
    return """
    {"name":"number","gauge":{"dataPoints":[{"timeUnixNano":"%d","asInt":"%d",
    "attributes":[{"key":"n","value":{"stringValue":"n-%d"}}]}]}}
    """
        .formatted(now, number, number);
  }

  private static void awaits(Backend backend, Set<Integer> numbers) {
    var names = numbers.stream().map(i -> "n-" + i).collect(Collectors.toCollection(TreeSet::new));
    Eventually.happens(
        () -> found(backend, numbers).containsAll(names),
        () -> backend + " has " + found(backend, numbers) + ", not all of " + names);
  }

  /// The names of what a backend has.
  private static Set<String> found(Backend backend, Set<Integer> numbers) {
    var found = new TreeSet<String>();
    switch (backend) {
      case PROMETHEUS -> {
        var selected =
            prometheus.select("last_over_time(number[1h])", System.currentTimeMillis() / 1000 + 1);
        selected.forEach(
            series -> found.add(Json.text(Json.object(series.get("metric")).get("n"))));
      }
      case LOKI ->
          loki.select(TENANT, "{service_name=\"five\"}").forEach(entry -> found.add(entry.line()));
      case TEMPO -> numbers.forEach(number -> found.addAll(tempo.spans(trace(number))));
      case JAEGER -> {
        var answer =
            Json.object(jaeger.query("/api/traces?limit=1000&lookback=1h&service=five").text());
        for (var each : Json.list(answer.get("data"))) {
          Json.list(Json.object(each).get("spans"))
              .forEach(span -> found.add(Json.text(Json.object(span).get("operationName"))));
        }
      }
      case ELASTICSEARCH -> {
        var logs = texts("logs-*");
        logs.retainAll(texts("traces-*")); // both have to be there
        found.addAll(logs);
      }
    }
    return found;
  }

  /// The test's own names in the documents of these indices.
  private static Set<String> texts(String index) {
    var answer =
        Http.get(URI.create(elasticsearch.endpoint() + "/" + index + "/_search?size=1000"));
    return NAME.matcher(answer.text())
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void kill(Backend backend) {
    switch (backend) {
      case PROMETHEUS -> prometheus.kill();
      case LOKI -> loki.kill();
      case TEMPO -> tempo.kill();
      case JAEGER -> jaeger.kill();
      case ELASTICSEARCH -> elasticsearch.kill();
    }
  }

  private static void again(Backend backend) {
    switch (backend) {
      case PROMETHEUS -> prometheus = prometheus.again();
      case LOKI -> loki = loki.again();
      case TEMPO -> tempo = tempo.again();
      case JAEGER -> jaeger = jaeger.again();
      case ELASTICSEARCH -> elasticsearch = elasticsearch.again();
    }
  }

  /// The stand-in of the example.
  private static final class Tempo implements AutoCloseable {
    private final Ports ports;
    private final Server server;

    private Tempo(Ports ports, Server server) {
      this.ports = ports;
      this.server = server;
    }

    static Tempo start() {
      return start(Ports.of("@web@"));
    }

    private static Tempo start(Ports ports) {
      var command = new ArrayList<String>();
      command.add(Peers.path("python").toString());
      command.add(EXAMPLE.resolve("tempo-stand-in.py").toString());
      command.add(String.valueOf(ports.get("web")));
      var server = Server.start(Gateway.newFolder().resolve("log"), Map.of(), command);
      var tempo = new Tempo(ports, server);
      Eventually.happens(tempo::answers, server::log);
      return tempo;
    }

    private boolean answers() {
      try {
        return Http.get(uri("/api/traces/none")).status() == 404;
      } catch (UncheckedIOException e) {
        return false; // not listening yet
      }
    }

    URI uri(String path) {
      return URI.create("http://127.0.0.1:" + ports.get("web") + path);
    }

    List<String> spans(String trace) {
      var answer = Http.get(uri("/api/traces/" + trace), "X-Scope-OrgID", TENANT);
      return answer.status() == 200
          ? Json.list(Json.object(answer.text()).get("spans")).stream().map(Json::text).toList()
          : List.of();
    }

    void kill() {
      server.kill();
      Eventually.happens(() -> !server.alive(), () -> "does not die");
    }

    Tempo again() {
      return start(ports);
    }

    @Override
    public void close() {
      server.kill();
    }
  }
}
