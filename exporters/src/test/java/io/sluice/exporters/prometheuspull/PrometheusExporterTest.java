package io.sluice.exporters.prometheuspull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.exporters.prometheus.Translation;
import io.sluice.pipeline.Outcome;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrometheusExporterTest {
  private static String gauges(String name, int count) {
    var metrics = new StringBuilder();
    for (int i = 0; i < count; i++) {
      metrics
          .append(i == 0 ? "" : ",")
          .append(
              "{\"name\":\"%s%d\",\"gauge\":{\"dataPoints\":[{\"timeUnixNano\":\"1700000060000000000\",\"asInt\":\"%d\"}]}}"
                  .formatted(name, i, i));
    }
    return "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[" + metrics + "]}]}]}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true|application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3|application/openmetrics-text; version=1.0.0; charset=utf-8",
        "true|text/plain;q=0.9,application/openmetrics-text;q=0.5|text/plain; version=0.0.4; charset=utf-8",
        "true|application/openmetrics-text;q=0|text/plain; version=0.0.4; charset=utf-8",
        "false|application/openmetrics-text|text/plain; version=0.0.4; charset=utf-8",
        "true|*/*|text/plain; version=0.0.4; charset=utf-8"
      })
  void formatIsWhatTheScraperLikesBest(boolean open, String accept, String type) throws Exception {
    try (var scraped = new Scraped("enable_open_metrics: " + open)) {
      scraped.send(gauges("g", 1));
      var answer = scraped.get("/metrics", "accept", accept);
      assertThat(answer.headers().firstValue("content-type")).contains(type);
      assertThat(new String(answer.body(), StandardCharsets.UTF_8))
          .isEqualTo(
              type.startsWith("text")
                  ? "# TYPE g0 gauge\ng0 0\n"
                  : "# TYPE g0 gauge\ng0 0.0\n# EOF\n");
    }
  }

  @Test
  void pageIsZippedForWhoeverCanReadIt() throws Exception {
    try (var scraped = new Scraped("")) {
      scraped.send(gauges("g", 1));
      var answer = scraped.get("/metrics", "accept-encoding", "br, gzip;q=0.5");
      assertThat(answer.headers().firstValue("content-encoding")).contains("gzip");
      try (var page = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
        assertThat(new String(page.readAllBytes(), StandardCharsets.UTF_8)).contains("g0 0");
      }
      assertThat(scraped.get("/metrics", "accept-encoding", "gzip;q=0").headers().map())
          .doesNotContainKey("content-encoding");
      assertThat(scraped.get("/").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void namesOfAnyTextAreForThoseWhoKnowThem() throws Exception {
    try (var scraped = new Scraped("translation_strategy: NoTranslation")) {
      scraped.send(gauges("a.b", 1));
      assertThat(scraped.page("text/plain;version=1.0.0;escaping=allow-utf-8"))
          .isEqualTo("# TYPE \"a.b0\" gauge\n{\"a.b0\"} 0\n");
      assertThat(scraped.page("text/plain")).isEqualTo("# TYPE a_b0 gauge\na_b0 0\n");
    }
  }

  @Test
  void whatIsTooOldIsGoneAndItsRoomIsGivenBack() throws Exception {
    try (var scraped = new Scraped("metric_expiration: 1s")) {
      scraped.send(gauges("g", 2000));
      assertThat(scraped.budget.bytes()).isPositive();
      assertThat(scraped.page("")).contains("g1999 1999");
      while (scraped.page("").contains("g1999")) {
        Thread.sleep(50);
      }
      assertThat(scraped.page("")).isEmpty();
      assertThat(scraped.budget.bytes()).isZero();
    }
  }

  @Test
  void seriesBeyondTheLimitAreCountedAndKnownOnesGoOn() throws Exception {
    try (var scraped = new Scraped("max_series: 10")) {
      assertThat(scraped.send(gauges("g", 15)))
          .isInstanceOfSatisfying(
              Outcome.Partial.class, partial -> assertThat(partial.rejectedItems()).isEqualTo(5));
      assertThat(scraped.send(gauges("g", 10))).isEqualTo(new Outcome.Accepted());
      assertThat(scraped.count("sluice_exporter_prometheus_refused_points", "series_limit"))
          .isEqualTo(5);
    }
  }

  @Test
  void withoutRoomInTheBudgetSeriesAreRefused() throws Exception {
    try (var scraped = new Scraped("")) {
      long all = scraped.budget.bytesMax() - (1 << 20);
      var lease = Objects.requireNonNull(scraped.budget.take(all));
      assertThat(scraped.send(gauges("g", 10_000))).isInstanceOf(Outcome.Partial.class);
      assertThat(scraped.count("sluice_exporter_prometheus_refused_points", "no_room"))
          .isPositive();
      lease.close();
      assertThat(scraped.send(gauges("g", 10_000))).isEqualTo(new Outcome.Accepted());
    }
  }

  private static String histograms(String name, int count) {
    var metrics = new StringBuilder();
    for (int i = 0; i < count; i++) {
      metrics
          .append(i == 0 ? "" : ",")
          .append(
              "{\"name\":\"%s%d\",\"histogram\":{\"aggregationTemporality\":2,\"dataPoints\":[{\"timeUnixNano\":\"1700000060000000000\",\"count\":\"1\",\"sum\":1,\"explicitBounds\":[1],\"bucketCounts\":[\"1\",\"0\"]}]}}"
                  .formatted(name, i));
    }
    return "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[" + metrics + "]}]}]}";
  }

  /// More labels than a table holds: each bucket has all those of its point.
  private static String tooLarge(String name) {
    var attributes =
        IntStream.range(0, 250)
            .mapToObj(i -> "{\"key\":\"k%d\",\"value\":{\"stringValue\":\"v\"}}".formatted(i))
            .collect(Collectors.joining(","));
    int buckets = (Translation.LABEL_BYTES_MAX >> 2) / 500;
    var bounds =
        IntStream.range(0, buckets).mapToObj(String::valueOf).collect(Collectors.joining(","));
    return "{\"name\":\"%s\",\"histogram\":{\"aggregationTemporality\":2,\"dataPoints\":[{\"timeUnixNano\":\"1700000060000000000\",\"count\":\"1\",\"attributes\":[%s],\"explicitBounds\":[%s],\"bucketCounts\":[%s0]}]}}"
        .formatted(name, attributes, bounds, "0,".repeat(buckets));
  }

  @Test
  void pointThatIsTooLargeCostsNoOtherAndAllThatIsLostIsCounted() throws Exception {
    var json =
        "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":["
            + String.join(
                ",", tooLarge("h1"), delta("d1"), gauge("g1"), tooLarge("h2"), delta("d2"))
            + "]}]}]}";
    try (var scraped = new Scraped("")) {
      assertThat(scraped.send(json))
          .isInstanceOfSatisfying(
              Outcome.Partial.class,
              partial -> {
                assertThat(partial.rejectedItems()).isEqualTo(4);
                assertThat(partial.reason()).contains("more labels", "metric d1", "metric d2");
              });
      assertThat(scraped.page("text/plain")).isEqualTo("# TYPE g1 gauge\ng1 1\n");
    }
  }

  private static String gauge(String name) {
    return "{\"name\":\"%s\",\"gauge\":{\"dataPoints\":[{\"timeUnixNano\":\"1700000060000000000\",\"asInt\":\"1\"}]}}"
        .formatted(name);
  }

  /// Of a sum that may fall, which cannot be added up.
  private static String delta(String name) {
    return "{\"name\":\"%s\",\"sum\":{\"aggregationTemporality\":1,\"dataPoints\":[{\"timeUnixNano\":\"1700000060000000000\",\"asInt\":\"1\"}]}}"
        .formatted(name);
  }

  @Test
  void batchThatCannotBeReadKeepsNobodyWaiting() throws Exception {
    try (var scraped = new Scraped("")) {
      var torn = Rope.of(Bytes.wrap(new byte[] {0x0a, 0x7f, 0x12}));
      assertThatThrownBy(() -> scraped.send(Batch.of(Signal.METRICS, torn, 1)))
          .isInstanceOf(Exception.class);
      assertThat(scraped.send(gauges("g", 1))).isEqualTo(new Outcome.Accepted());
    }
  }

  @Test
  void histogramsAreTakenWholeOrNotAtAll() throws Exception {
    try (var scraped = new Scraped("max_series: 10")) {
      assertThat(scraped.send(histograms("h", 5)))
          .isInstanceOfSatisfying(
              Outcome.Partial.class, partial -> assertThat(partial.rejectedItems()).isEqualTo(3));
      assertThat(scraped.page("text/plain").lines().filter(line -> line.startsWith("# TYPE")))
          .containsExactly("# TYPE h0 histogram", "# TYPE h1 histogram");
      assertThat(scraped.send(histograms("h", 2))).isEqualTo(new Outcome.Accepted());
      assertThat(scraped.send(gauges("h4", 1))).isEqualTo(new Outcome.Accepted());
    }
  }

  @Test
  void nameThatIsRefusedLeavesNothing() throws Exception {
    try (var scraped = new Scraped("max_series: 1")) {
      scraped.send(gauges("g", 1));
      long before = scraped.budget.bytes();
      scraped.send(histograms("x".repeat(1000), 1000));
      assertThat(scraped.budget.bytes()).isEqualTo(before);
      assertThat(scraped.page("text/plain")).isEqualTo("# TYPE g0 gauge\ng0 0\n");
    }
  }

  @Test
  void namesAreCharged() throws Exception {
    try (var scraped = new Scraped("")) {
      scraped.send(gauges("x".repeat(1000), 1000));
      assertThat(scraped.budget.bytes()).isGreaterThan(2_000_000);
    }
  }

  @Test
  void whoeverReadsSlowlyKeepsItsPlace() throws Exception {
    try (var scraped = new Scraped("")) {
      scraped.send(gauges("x".repeat(1000), 3_000));
      long kept = scraped.budget.bytes();
      var slow = new ArrayList<Socket>();
      for (int i = 0; i < Scrapes.AT_ONCE_MAX; i++) {
        slow.add(scraped.askSlowly());
      }
      assertThat(scraped.get("/metrics").statusCode()).isEqualTo(503);
      assertThat(scraped.budget.bytes()).isGreaterThan(kept + 12_000_000L);
      for (var socket : slow) {
        socket.close();
      }
      while (scraped.get("/metrics").statusCode() != 200) {
        Thread.sleep(50);
      }
    }
  }

  @Test
  void namesInExemplarsAreEscapedUnlessAnyTextIsAsked() throws Exception {
    var open = "application/openmetrics-text;version=1.0.0";
    var json =
        "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"c\",\"sum\":{\"aggregationTemporality\":2,\"isMonotonic\":true,\"dataPoints\":[{\"timeUnixNano\":\"1700000060000000000\",\"asInt\":\"3\",\"exemplars\":[{\"asInt\":\"2\",\"filteredAttributes\":[{\"key\":\"http.route\",\"value\":{\"stringValue\":\"/a\"}}]}]}]}}]}]}]}";
    try (var scraped =
        new Scraped("enable_open_metrics: true\ntranslation_strategy: NoTranslation")) {
      scraped.send(json);
      assertThat(scraped.page(open)).contains(" # {http_route=\"/a\"} 2.0\n");
      assertThat(scraped.page(open + ";escaping=allow-utf-8"))
          .contains(" # {\"http.route\"=\"/a\"} 2.0\n");
    }
  }
}
