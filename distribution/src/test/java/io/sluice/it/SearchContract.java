package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.Json;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What goes through Sluice into a real server by `_bulk` is what the server then finds, and nothing else.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SearchContract {
  private static final long NS = 1_700_000_000_123_456_789L;
  private static final String TRACE = "0102030405060708090a0b0c0d0e0f10";
  private static final String SPAN = "0102030405060708";
  private static final String AROUND =
      """
      "resource":{"attributes":{"service.name":"shop"}},"scope":{"name":"lib","version":"1.2"}\
      """;

  private static final String TEMPLATE =
      """
      {"index_patterns": ["logs-*", "traces-*", "metrics-*", "own-*"],
       "settings": {"number_of_replicas": 0},
       "mappings": {"properties": {"@timestamp":
         {"type": "date_nanos", "format": "strict_date_optional_time_nanos||epoch_millis"}}}}
      """;

  private static final String YAML =
      """
      receivers:
        otlp: {protocols: {http: {endpoint: "127.0.0.1:@http@"}}}
      extensions:
        file_storage: {directory: %dir%/queue, create_directory: true}
      exporters:
        PEER:
          endpoint: ENDPOINT
          sending_queue: {storage: file_storage, batch: {flush_timeout: 50ms}}
          retry: {max_interval: 1s}
          MORE
      service:
        extensions: [file_storage]
        pipelines:
          logs: {receivers: [otlp], exporters: [PEER]}
          traces: {receivers: [otlp], exporters: [PEER]}
          metrics: {receivers: [otlp], exporters: [PEER]}
      """;

  private SearchServer server;

  /// Of [SearchServer#start].
  abstract String peer();

  String exporter() {
    return peer();
  }

  /// So that times are kept to the nanosecond.
  void prepare(SearchServer fresh) {
    fresh.put("/_template/times", TEMPLATE);
  }

  SearchServer server() {
    return server;
  }

  @BeforeAll
  void start() {
    server = SearchServer.start(peer());
    prepare(server);
  }

  @AfterAll
  void stop() {
    if (server != null) { // there is none here
      server.close();
    }
  }

  Gateway gateway(SearchServer to, String more) {
    return Gateway.sluice(
        YAML.replace("PEER", exporter()).replace("ENDPOINT", to.endpoint()).replace("MORE", more));
  }

  static void send(Gateway gateway, String signal, String request) {
    var answer =
        Http.post(
            gateway.uri("http", "/v1/" + signal),
            "application/json",
            request.getBytes(Programs.UTF_8));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  /// @param items the records, spans or metrics, as JSON
  static String request(String signal, String items) {
    var word = signal.equals("logs") ? "Logs" : signal.equals("traces") ? "Spans" : "Metrics";
    var list = signal.equals("logs") ? "logRecords" : signal.equals("traces") ? "spans" : "metrics";
    return """
    {"resourceWORD":[{"resource":{"attributes":[
      {"key":"service.name","value":{"stringValue":"shop"}}]},
      "scopeWORD":[{"scope":{"name":"lib","version":"1.2"},"LIST":[ITEMS]}]}]}
    """
        .replace("WORD", word)
        .replace("LIST", list)
        .replace("ITEMS", items);
  }

  /// @param dataset of the data stream they go to
  static String logs(String dataset, int count, IntFunction<String> attribute) {
    return request(
        "logs",
        IntStream.range(0, count)
            .mapToObj(i -> log(dataset, i, attribute.apply(i)))
            .collect(Collectors.joining(",")));
  }

  private static String log(String dataset, int i, String attribute) {
    return """
    {"timeUnixNano":"%d","body":{"stringValue":"line %d"},"attributes":[
      {"key":"data_stream.dataset","value":{"stringValue":"%s"}},%s]}
    """
        .formatted(NS + i, i, dataset, attribute);
  }

  static String number(int value) {
    return "{\"key\":\"n\",\"value\":{\"intValue\":\"" + value + "\"}}";
  }

  void awaits(String index, int count) {
    Eventually.happens(
        () -> server.search(index).size() >= count,
        () -> server.search(index) + "\n" + server.log());
  }

  private static String time(Object hit) {
    var fields = Json.object(Json.object(hit).get("fields"));
    return Json.text(Json.list(fields.get("@timestamp")).getFirst());
  }

  @Test
  void hasTheLogsThatWereSent() {
    try (var gateway = gateway(server, "")) {
      send(
          gateway,
          "logs",
          request(
              "logs",
              """
              {"timeUnixNano":"%d","observedTimeUnixNano":"%d","severityNumber":9,"severityText":"INFO",
               "traceId":"%s","spanId":"%s","body":{"stringValue":"a \\"line\\" \\\\ ß ☃ 😀\\n\\u0001"},
               "attributes":[{"key":"data_stream.dataset","value":{"stringValue":"sent"}},
                 {"key":"k","value":{"stringValue":"first"}},{"key":"k","value":{"stringValue":"last"}},
                 {"key":"n","value":{"intValue":"9007199254740993"}},
                 {"key":"nan","value":{"doubleValue":"NaN"}},
                 {"key":"list","value":{"arrayValue":{"values":[{"boolValue":true},{"boolValue":false}]}}},
                 {"key":"map","value":{"kvlistValue":{"values":[{"key":"a","value":{"doubleValue":0.5}}]}}}]}
              """
                  .formatted(NS, NS + 1_000_000, TRACE, SPAN)));
      awaits("logs-sent.otel-default", 1);
    }
    var hit = server.search("logs-sent.otel-default").getFirst();
    assertThat(time(hit)).isEqualTo("2023-11-14T22:13:20.123456789Z");
    assertThat((Object) Json.object(hit.get("_source")))
        .isEqualTo(
            Json.object(
                """
                {"@timestamp":"1700000000123.456789","observed_timestamp":"1700000000124.456789",
                 "data_stream":{"type":"logs","dataset":"sent.otel","namespace":"default"},
                 "severity_text":"INFO","severity_number":9,"trace_id":"%s","span_id":"%s",
                 "attributes":{"k":"last","n":9007199254740993,"nan":null,"list":[true,false],"map":{"a":0.5}},
                 %s,"body":{"text":"a \\"line\\" \\\\ ß ☃ 😀\\n\\u0001"}}
                """
                    .formatted(TRACE, SPAN, AROUND)));
  }

  @Test
  void hasTheSpansThatWereSentAndTheirEvents() {
    try (var gateway = gateway(server, "")) {
      send(
          gateway,
          "traces",
          request(
              "traces",
              """
              {"traceId":"%s","spanId":"%s","name":"GET /","kind":2,"startTimeUnixNano":"%d","endTimeUnixNano":"%d",
               "status":{"code":2,"message":"broken"},
               "links":[{"traceId":"%s","spanId":"1112131415161718"}],
               "events":[{"timeUnixNano":"%d","name":"thrown","attributes":[{"key":"why","value":{"stringValue":"x"}}]}]}
              """
                  .formatted(TRACE, SPAN, NS, NS + 1500, TRACE, NS + 7)));
      awaits("traces-generic.otel-default", 1);
      awaits("logs-generic.otel-default", 1);
    }
    assertThat(server.sources("traces-generic.otel-default"))
        .containsExactly(
            Json.object(
                """
                {"@timestamp":"1700000000123.456789","data_stream":{"type":"traces","dataset":"generic.otel","namespace":"default"},
                 "trace_id":"%s","span_id":"%s","name":"GET /","kind":"Server","duration":1500,
                 "links":[{"trace_id":"%s","span_id":"1112131415161718"}],
                 "status":{"message":"broken","code":"Error"},%s}
                """
                    .formatted(TRACE, SPAN, TRACE, AROUND)));
    assertThat(server.sources("logs-generic.otel-default"))
        .containsExactly(
            Json.object(
                """
                {"@timestamp":"1700000000123.456796","data_stream":{"type":"logs","dataset":"generic.otel","namespace":"default"},
                 "trace_id":"%s","span_id":"%s","event_name":"thrown",
                 "attributes":{"why":"x","event.name":"thrown"},%s}
                """
                    .formatted(TRACE, SPAN, AROUND)));
  }

  /// The server knows no dynamic templates, and says so once.
  @Test
  void hasTheMetricsThatWereSent() {
    try (var gateway = gateway(server, "")) {
      send(
          gateway,
          "metrics",
          request(
              "metrics",
              """
              {"name":"requests","sum":{"aggregationTemporality":2,"isMonotonic":true,
                "dataPoints":[{"timeUnixNano":"%1$d","asInt":"7","attributes":[{"key":"a","value":{"stringValue":"1"}}]}]}},
              {"name":"usage","gauge":{"dataPoints":[{"timeUnixNano":"%1$d","asDouble":0.5,"attributes":[{"key":"a","value":{"stringValue":"1"}}]}]}},
              {"name":"latency","histogram":{"aggregationTemporality":1,
                "dataPoints":[{"timeUnixNano":"%2$d","count":"6","sum":12.5,"bucketCounts":["1","2","0","3"],"explicitBounds":[1,2,4]}]}}
              """
                  .formatted(NS, NS + 1_000_000)));
      awaits("metrics-generic.otel-default", 2);
    }
    var found =
        server.sources("metrics-generic.otel-default").stream()
            .map(source -> Json.object(source).get("metrics"))
            .toList();
    assertThat(found)
        .containsExactly(
            Json.object("{\"requests\":7,\"usage\":0.5}"),
            Json.object("{\"latency\":{\"counts\":[1,2,3],\"values\":[0.5,1.5,4]}}"));
  }

  /// One in a hundred has text where the field is a number.
  @Test
  void onlyWhatTheServerRefusesBecomesADeadLetterWithItsWords() {
    try (var gateway = gateway(server, "")) {
      send(gateway, "logs", logs("culprits", 1, i -> number(i)));
      awaits("logs-culprits.otel-default", 1);
      send(
          gateway,
          "logs",
          logs(
              "culprits",
              1000,
              i ->
                  i % 100 == 42
                      ? "{\"key\":\"n\",\"value\":{\"stringValue\":\"bad %d\"}}".formatted(i)
                      : number(i)));
      awaits("logs-culprits.otel-default", 991);
      gateway.settle();
      assertThat(gateway.scrape())
          .containsPattern("sluice_exporter_dead_lettered_log_records\\{[^}]*} 10\\b");
      assertThat(gateway.log())
          .containsPattern("_parsing_exception: .*failed to parse field \\[attributes.n\\]")
          .contains("bad 442");
      assertThat(server.search("logs-culprits.otel-default")).hasSize(991);
    }
  }

  /// Ids of the content: what was there when the answer was lost is not there twice.
  @Test
  void nothingIsLostOrThereTwiceWhenTheServerWasAway() {
    try (var gateway = gateway(server, "content_ids: {enabled: true}")) {
      send(gateway, "logs", logs("away", 10, i -> number(i)));
      awaits("logs-away.otel-default", 10);
      server.kill();
      for (int i = 1; i <= 20; i++) {
        int first = i * 10;
        send(gateway, "logs", logs("away", 10, n -> number(first + n)));
      }
      send(gateway, "logs", logs("away", 10, i -> number(i)));
      server = server.again();
      awaits("logs-away.otel-default", 210);
      gateway.settle();
      assertThat(server.search("logs-away.otel-default")).hasSize(210);
    }
  }

  @Test
  void documentsHaveTheIdsAndPipelinesThatAreAskedFor() {
    server.put(
        "/_ingest/pipeline/mark",
        "{\"processors\":[{\"set\":{\"field\":\"by\",\"value\":\"p\"}}]}");
    var more = "logs_index: own-ids\n    logs_dynamic_id: {enabled: true}\n    pipeline: mark";
    try (var gateway = gateway(server, more)) {
      var named = "{\"key\":\"elasticsearch.document_id\",\"value\":{\"stringValue\":\"id-%d\"}}";
      send(gateway, "logs", logs("x", 3, i -> named.formatted(i % 2)));
      awaits("own-ids", 2);
    }
    assertThat(server.search("own-ids"))
        .extracting(hit -> hit.get("_id") + " " + Json.object(hit.get("_source")).get("by"))
        .isEqualTo(List.of("id-0 p", "id-1 p"));
  }

  @Test
  void documentsOfModeEcsHaveItsFields() {
    var more = "mapping: {allowed_modes: [ecs]}";
    try (var gateway = gateway(server, more)) {
      send(
          gateway,
          "logs",
          """
          {"resourceLogs":[{"resource":{"attributes":[
            {"key":"host.name","value":{"stringValue":"h1"}},
            {"key":"k8s.pod.name","value":{"stringValue":"p1"}}]},
            "scopeLogs":[{"scope":{"attributes":[{"key":"elastic.mapping.mode","value":{"stringValue":"ecs"}}]},
              "logRecords":[{"timeUnixNano":"%d","severityText":"WARN","body":{"stringValue":"hello"},
                "attributes":[{"key":"data_stream.dataset","value":{"stringValue":"ecs"}}]}]}]}]}
          """
              .formatted(NS));
      awaits("logs-ecs-default", 1);
    }
    assertThat(server.sources("logs-ecs-default"))
        .containsExactly(
            Json.object(
                """
                {"@timestamp":"2023-11-14T22:13:20.123456789Z","message":"hello","log":{"level":"WARN"},
                 "agent":{"name":"otlp"},"host":{"hostname":"h1","name":"h1"},
                 "kubernetes":{"pod":{"name":"p1"}},
                 "data_stream":{"type":"logs","dataset":"ecs","namespace":"default"}}
                """));
  }
}
