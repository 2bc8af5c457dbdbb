package io.sluice.exporters.elasticsearch;

import static io.sluice.exporters.elasticsearch.BulkServer.answer;
import static io.sluice.exporters.elasticsearch.Sending.STORED;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.pipeline.Outcome;
import io.sluice.testkit.Payloads;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a server is told, and of what.
class ElasticsearchExporterTest {
  @SuppressWarnings("NullAway.Init") // each test opens
  private BulkServer server;

  @SuppressWarnings("NullAway.Init")
  private Sending sending;

  private void open(String yaml) throws Exception {
    server = new BulkServer();
    sending = Sending.elasticsearch(yaml, server.endpoint());
  }

  @AfterEach
  void close() throws Exception {
    sending.close();
    server.close();
  }

  @Test
  void saysWhatTheRequestIs() throws Exception {
    open("pipeline: my pipe\ninclude_source_on_error: false\nuser: u\npassword: p");
    assertThat(sending.send(Payloads.logs("a", 1))).isEqualTo(new Outcome.Accepted());
    var request = server.requests.getFirst();
    assertThat(request.uri())
        .startsWith("/_bulk?filter_path=")
        .contains("items.*.status")
        .endsWith("&pipeline=my+pipe&include_source_on_error=false");
    var headers = request.headers();
    assertThat(headers.getFirst("Content-Type")).isEqualTo("application/x-ndjson");
    assertThat(headers.getFirst("Content-Encoding")).isEqualTo("gzip");
    var both = "u:p".getBytes(StandardCharsets.UTF_8);
    assertThat(headers.getFirst("Authorization"))
        .isEqualTo("Basic " + Base64.getEncoder().encodeToString(both));
    assertThat(request.text()).endsWith("}\n");
  }

  @Test
  void withoutCompressionAndWithAKey() throws Exception {
    open("compression: none\napi_key: abc==");
    assertThat(sending.send(Payloads.logs("a", 2))).isEqualTo(new Outcome.Accepted());
    var headers = server.requests.getFirst().headers();
    assertThat(headers.containsKey("Content-Encoding")).isFalse();
    assertThat(headers.getFirst("Authorization")).isEqualTo("ApiKey abc==");
    assertThat(server.bodies()).containsExactly("a-0", "a-1");
  }

  @Test
  void aLargeBatchIsSentInRequestsOfBoundedSize() throws Exception {
    open("sending_queue: {batch: {min_size: 1000, max_size: 5000}}");
    assertThat(sending.send(Payloads.logs("a", 2000))).isEqualTo(new Outcome.Accepted());
    assertThat(server.bodies()).hasSize(2000).doesNotHaveDuplicates();
    assertThat(server.requests)
        .hasSizeGreaterThan(10)
        .allMatch(request -> request.text().length() < 5500);
    assertThat(sending.count("otelcol_elasticsearch_docs_received")).isEqualTo(2000);
    assertThat(sending.count("otelcol_elasticsearch_docs_processed", "outcome", "success"))
        .isEqualTo(2000);
  }

  @Test
  void requestsGoToAllEndpointsInTurn() throws Exception {
    server = new BulkServer();
    try (var other = new BulkServer()) {
      sending = Sending.elasticsearch("{}", other.endpoint(), server.endpoint());
      for (int i = 0; i < 6; i++) {
        sending.send(Payloads.logs("a", 1));
      }
      assertThat(other.requests).hasSize(3);
    }
    assertThat(server.requests).hasSize(3);
  }

  private static BulkServer.Answer older(BulkServer.Request request, String... unknown) {
    return Stream.of(unknown)
        .filter(request.text()::contains)
        .findFirst()
        .map(each -> answer(400, "line [1] contains an unknown parameter [" + each + "]"))
        .orElseGet(() -> BulkServer.taken(request));
  }

  @Test
  void aServerThatDoesNotKnowTemplatesIsNotToldOfThem() throws Exception {
    open("{}");
    server.script = request -> older(request, "dynamic_templates");
    assertThat(sending.send(Payloads.points("a", 2))).isEqualTo(new Outcome.Accepted());
    assertThat(sending.send(Payloads.points("b", 2))).isEqualTo(new Outcome.Accepted());
    assertThat(server.requests).hasSize(3);
    assertThat(server.requests.getLast().text()).contains("require_data_stream");
  }

  @Test
  void anOldServerIsToldOnlyWhatItKnows() throws Exception {
    open("{}");
    server.script = request -> older(request, "require_data_stream", "dynamic_templates");
    assertThat(sending.send(Payloads.points("a", 2))).isEqualTo(new Outcome.Accepted());
    assertThat(server.requests).hasSize(3);
    assertThat(sending.send(Payloads.logs("b", 2))).isEqualTo(new Outcome.Accepted());
    assertThat(server.requests).hasSize(4);
  }

  @Test
  void ofTwoRequestsInFlightBothLearnThatTemplatesAreNotKnown() throws Exception {
    open("{}");
    var both = new CountDownLatch(2);
    server.script =
        request -> {
          if (!request.text().contains("dynamic_templates")) {
            return BulkServer.taken(request);
          }
          both.countDown();
          awaited(both);
          return answer(400, "line [1] contains an unknown parameter [dynamic_templates]");
        };
    var first = sending.begin(Payloads.points("a", 2));
    var second = sending.begin(Payloads.points("b", 2));
    assertThat(List.of(first.get(), second.get())).containsOnly(new Outcome.Accepted());
    assertThat(server.requests).hasSize(4);
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anIdThatIsTooLongIsRejectedAlone() throws Exception {
    open(STORED + "logs_dynamic_id: {enabled: true}");
    var logs =
        """
        {"resourceLogs":[{"scopeLogs":[{"logRecords":[
          {"timeUnixNano":"1","body":{"stringValue":"x"},"attributes":[
            {"key":"elasticsearch.document_id","value":{"stringValue":"%s"}}]},
          {"timeUnixNano":"1","body":{"stringValue":"y"},"attributes":[
            {"key":"elasticsearch.document_id","value":{"stringValue":"%s"}}]}]}]}]}
        """
            .formatted("i".repeat(513), "i".repeat(512));
    var outcome = (Outcome.Partial) sending.send(Sending.batch(logs));
    assertThat(outcome.rejectedItems()).isEqualTo(1);
    assertThat(outcome.reason()).contains("elasticsearch.document_id of 513 bytes");
    assertThat(server.bodies()).containsExactly("y");
  }

  private List<String> actions() {
    var actions = new ArrayList<String>();
    for (var request : server.requests) {
      request.text().lines().filter(l -> l.startsWith("{\"create\"")).forEach(actions::add);
    }
    return actions;
  }

  @Test
  void equalContentHasEqualIds() throws Exception {
    open("content_ids: {enabled: true}");
    var batch = Payloads.spans("a", 3);
    sending.send(batch);
    sending.send(Batch.of(batch.signal(), batch.otlp(), 3));
    assertThat(actions()).hasSize(6).allMatch(line -> line.contains("\"_id\":\""));
    assertThat(actions().stream().distinct()).hasSize(3);
  }

  @Test
  void anIndexOfTimeSeriesIsGivenNoIds() throws Exception {
    open("content_ids: {enabled: true}");
    sending.send(Payloads.points("a", 2));
    assertThat(actions()).isNotEmpty().noneMatch(line -> line.contains("\"_id\""));
    try (var other = Sending.opensearch("content_ids: {enabled: true}", server.endpoint())) {
      server.requests.clear();
      other.send(Payloads.points("a", 2));
      assertThat(actions()).isNotEmpty().allMatch(line -> line.contains("\"_id\""));
    }
  }

  private static final String GAUGE_AND =
      """
      {"resourceMetrics":[{"scopeMetrics":[{"metrics":[
        {"name":"good","gauge":{"dataPoints":[{"timeUnixNano":"1","asInt":"7"}]}},
        {"name":"bad",%s}]}]}]}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "summary":{"dataPoints":[{"timeUnixNano":"1","count":"2","sum":"NaN"}]} | a sum of NaN
          "summary":{"dataPoints":[{"timeUnixNano":"1","count":"9223372036854775808","sum":1.5}]} | a count of more
          "histogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"1","count":"2","sum":"Infinity"}]} | a sum of Infinity
          "histogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"1","count":"2","sum":1.0,"bucketCounts":["1","1"],"explicitBounds":["NaN"]}]} | bounds that are no numbers
          "histogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"1","count":"2","sum":1.0,"bucketCounts":["9223372036854775808","1"],"explicitBounds":[1.0]}]} | a count of more
          "exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"1","count":"2","zeroCount":"9223372036854775808"}]} | a count of more
          """)
  void aPointThatCannotBeHeldIsLeftOutOfItsDocument(String metric, String reason) throws Exception {
    open(STORED);
    var outcome = (Outcome.Partial) sending.send(Sending.batch(GAUGE_AND.formatted(metric)));
    assertThat(outcome.rejectedItems()).isEqualTo(1);
    assertThat(outcome.reason()).contains(reason);
    assertThat(server.requests.getFirst().text()).contains("\"good\":7").doesNotContain("bad");
  }

  @Test
  void theTypeOfAStreamIsConfinedToo() throws Exception {
    open("allowed_index_prefixes: [app-]");
    for (var type : List.of("secret", "app", "metrics")) {
      var logs =
          """
          {"resourceLogs":[{"scopeLogs":[{"scope":{"name":"s","attributes":[
            {"key":"elastic.mapping.mode","value":{"stringValue":"bodymap"}}]},"logRecords":[
            {"timeUnixNano":"1","body":{"kvlistValue":{"values":[]}},"attributes":[
              {"key":"data_stream.type","value":{"stringValue":"%s"}}]}]}]}]}
          """;
      sending.send(Sending.batch(logs.formatted(type)));
    }
    assertThat(actions())
        .containsExactly(
            "{\"create\":{\"_index\":\"logs-generic-default\"}}",
            "{\"create\":{\"_index\":\"app-generic-default\"}}",
            "{\"create\":{\"_index\":\"metrics-generic-default\"}}");
    assertThat(sending.count("sluice_exporter_elasticsearch_confined_documents")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          otel | geo.location geo.location.lat geo.location.lon
          ecs  | a a.b a.value
          ecs  | a a.b a.value.c
          ecs  | a.b a.b..c a.c
          """)
  void noKeyStandsTwice(String mode, String keys) throws Exception {
    open("{}");
    var attributes = new ArrayList<String>();
    for (var key : keys.split(" ", -1)) {
      attributes.add("{\"key\":\"" + key + "\",\"value\":{\"doubleValue\":1.5}}");
    }
    var logs =
        """
        {"resourceLogs":[{"scopeLogs":[{"scope":{"name":"s","attributes":[
          {"key":"elastic.mapping.mode","value":{"stringValue":"%s"}}]},"logRecords":[
          {"timeUnixNano":"1","attributes":[%s]}]}]}]}
        """;
    var batch = Sending.batch(logs.formatted(mode, String.join(",", attributes)));
    assertThat(sending.send(batch)).isEqualTo(new Outcome.Accepted());
    server.requests.getFirst().text().lines().forEach(Lines::literally);
  }

  @Test
  void theDateStandsBehindTheIndex() throws Exception {
    open(
        "logs_index: mine\n"
            + "logstash_format: {enabled: true, prefix_separator: _, date_format: x%Y}");
    sending.send(Payloads.logs("a", 1));
    assertThat(actions().getFirst()).containsPattern("\"_index\":\"mine_x\\d{4}\"");
  }

  @Test
  void dataNamesOnlyIndicesThatItMay() throws Exception {
    open("allowed_index_prefixes: [app-]");
    var named =
        """
        {"resourceLogs":[{"resource":{"attributes":[
          {"key":"elasticsearch.index","value":{"stringValue":"%s"}}]},
          "scopeLogs":[{"logRecords":[{"timeUnixNano":"1"}]}]}]}
        """;
    for (var name : List.of("app-1", "other", ".app-", "app-*,.security", "<app-{now}>")) {
      sending.send(Sending.batch(named.formatted(name)));
    }
    assertThat(actions())
        .containsExactly(
            "{\"create\":{\"_index\":\"app-1\"}}",
            "{\"create\":{\"_index\":\"logs-generic.otel-default\",\"require_data_stream\":true}}",
            "{\"create\":{\"_index\":\"logs-generic.otel-default\",\"require_data_stream\":true}}",
            "{\"create\":{\"_index\":\"app-__.security\"}}",
            "{\"create\":{\"_index\":\"logs-generic.otel-default\",\"require_data_stream\":true}}");
  }
}
