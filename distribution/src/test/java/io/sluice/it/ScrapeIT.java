package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.Gateway.Kind;
import io.sluice.it.Prometheus.Version;
import io.sluice.testkit.Json;
import io.sluice.transport.hostile.Certificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The page of the `prometheus` exporter: the real Collector has the same, promtool finds nothing to say of it,
/// a real Prometheus reads it.
final class ScrapeIT {
  private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";

  private static final String YAML =
      """
      receivers:
        otlp: {protocols: {http: {endpoint: "127.0.0.1:@http@"}}}
      exporters:
        prometheus:
          endpoint: "127.0.0.1:@page@"
          enable_open_metrics: true
          const_labels: {cluster: c1}
      service:
        pipelines:
          metrics: {receivers: [otlp], exporters: [prometheus]}
      """;

  /// As promtool likes metrics: described, and in base units.
  private static final String DESCRIBED =
      """
      {"resourceMetrics":[{"resource":{"attributes":[
        {"key":"service.name","value":{"stringValue":"checked"}},{"key":"host.name","value":{"stringValue":"h"}}]},
       "scopeMetrics":[{"scope":{"name":"lib","version":"1"},"metrics":[
        {"name":"http.requests","description":"All \\"requests\\".\\nReally.","sum":{"aggregationTemporality":2,"isMonotonic":true,
         "dataPoints":[{"timeUnixNano":"1700000060000000000","asInt":"3","attributes":[{"key":"path","value":{"stringValue":"a\\"b"}}]}]}},
        {"name":"memory","unit":"By","description":"Used.","gauge":{"dataPoints":[{"timeUnixNano":"1700000060000000000","asDouble":1e9}]}},
        {"name":"rpc","unit":"s","description":"Times.","summary":{"dataPoints":[{"timeUnixNano":"1700000060000000000","count":"3","sum":6,
         "quantileValues":[{"quantile":0.5,"value":2}]}]}},
        {"name":"sizes","unit":"By","description":"Sizes.","exponentialHistogram":{"aggregationTemporality":2,"dataPoints":[
         {"timeUnixNano":"1700000060000000000","count":"5","sum":9,"scale":1,"zeroCount":"1","positive":{"offset":0,"bucketCounts":["4"]}}]}},
        {"name":"latency","unit":"s","description":"Waits.","histogram":{"aggregationTemporality":2,"dataPoints":[
         {"timeUnixNano":"1700000060000000000","count":"3","sum":4,"explicitBounds":[0.1,1],"bucketCounts":["1","1","1"]}]}}
       ]}]}]}
      """;

  private static final Pattern PAIR = Pattern.compile("([^=,{]+)=(\"(?:[^\"\\\\]|\\\\.)*\")");

  private static void send(Gateway gateway, byte[] request) {
    var answer = Http.post(gateway.uri("http", "/v1/metrics"), "application/x-protobuf", request);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  private static String page(Gateway gateway, String accept) {
    return page(gateway.uri("page", "/metrics"), accept);
  }

  private static String page(URI uri, String accept) {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(uri).header("Accept", accept).build();
      return client.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return ""; // not listening yet
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String pageOf(Kind kind, String accept, List<byte[]> requests) {
    try (var gateway = Gateway.start(kind, YAML)) {
      for (var request : requests) {
        send(gateway, request);
      }
      Eventually.happens(
          () -> page(gateway, accept).contains("target_info"), () -> page(gateway, accept));
      return page(gateway, accept);
    }
  }

  /// Each line with its labels in order, without empty ones and without help where there is none, which say
  /// nothing.
  private static List<String> lines(String page) {
    return page.lines()
        .filter(line -> !(line.startsWith("# HELP") && line.strip().split(" ", -1).length < 4))
        .map(ScrapeIT::normal)
        .sorted()
        .toList();
  }

  private static String normal(String line) {
    if (line.startsWith("#") || line.indexOf('{') < 0) {
      return line;
    }
    int sharp = line.indexOf(" # {");
    var sample = sharp < 0 ? line : line.substring(0, sharp);
    int open = sample.indexOf('{');
    int close = sample.lastIndexOf('}');
    return sample.substring(0, open)
        + pairs(sample.substring(open + 1, close), "user")
        + sample.substring(close + 1)
        + (sharp < 0 ? "" : exemplar(line.substring(sharp)));
  }

  /// Without the attributes, which the Collector leaves out.
  private static String exemplar(String text) {
    int close = text.lastIndexOf('}');
    var rest = text.substring(close + 1).strip().split(" ", -1);
    return " # "
        + pairs(text.substring(text.indexOf('{') + 1, close), "user")
        + " "
        + Double.parseDouble(rest[0])
        + " "
        + Double.parseDouble(rest[1]);
  }

  private static String pairs(String labels, String without) {
    return PAIR.matcher(labels)
        .results()
        .filter(pair -> !pair.group(2).equals("\"\"") && !pair.group(1).equals(without))
        .map(pair -> pair.group(1) + "=" + pair.group(2))
        .sorted()
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static double valueOf(String metric, List<String> lines) {
    var line = lines.stream().filter(each -> each.startsWith(metric + "{")).findFirst();
    return line.map(each -> Double.parseDouble(each.substring(each.indexOf("} ") + 2))).orElse(0.0);
  }

  private static List<String> without(String metric, List<String> lines) {
    return lines.stream().filter(line -> !line.startsWith(metric + "{")).toList();
  }

  /// But for deltas that do not say since when: ours adds them up, there each replaces the one before; and a
  /// series with two labels of one name, which is not there.
  @ParameterizedTest
  @ValueSource(strings = {"text/plain", OPEN_METRICS})
  void collectorShowsTheSame(String accept) {
    long now = System.currentTimeMillis() / 1000 * 1000;
    var requests = new MetricRequests("both");
    var sent = List.of(requests.at(now - 15_000, 1), requests.at(now, 2));
    var ours = lines(pageOf(Kind.SLUICE, accept, sent));
    var theirs = lines(pageOf(Kind.COLLECTOR, accept, sent));
    assertThat(valueOf("refused_total", ours)).isEqualTo(2);
    assertThat(valueOf("refused_total", theirs)).isEqualTo(1);
    var ourOwn = without("refused_total", ours);
    assertThat(ourOwn).filteredOn(line -> line.contains("a_b=\"2;1\"")).hasSize(1);
    assertThat(ourOwn)
        .filteredOn(line -> !line.contains("a_b=\"2;1\""))
        .containsExactlyElementsOf(without("refused_total", theirs));
  }

  @Test
  void promtoolFindsNothingToSay() throws Exception {
    var promtool = Peers.path("promtool").toString();
    try (var sluice = Gateway.sluice(YAML)) {
      var sent =
          Http.post(
              sluice.uri("http", "/v1/metrics"),
              "application/json",
              DESCRIBED.getBytes(Programs.UTF_8));
      assertThat(sent.status()).as(sent.text()).isEqualTo(200);
      var page = Programs.write(sluice.file("page"), page(sluice, "text/plain"));
      var process =
          new ProcessBuilder(promtool, "check", "metrics")
              .redirectInput(page.toFile())
              .redirectErrorStream(true)
              .start();
      var said = new String(process.getInputStream().readAllBytes(), Programs.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      assertThat(said.strip()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void prometheusReadsIt(Version version) {
    try (var sluice = Gateway.sluice(YAML);
        var prometheus = Prometheus.scraping(version, sluice.port("page"), "")) {
      long now = System.currentTimeMillis() / 1000 * 1000;
      var requests = new MetricRequests("read");
      send(sluice, requests.at(now - 15_000, 1));
      send(sluice, requests.at(now, 2));
      Eventually.happens(
          () -> !values(prometheus, "target_info").isEmpty(), () -> page(sluice, OPEN_METRICS));
      assertThat(values(prometheus, "cpu_utilization_ratio").values()).containsExactly("0.25");
      assertThat(values(prometheus, "http_server_duration_milliseconds_bucket"))
          .containsExactlyInAnyOrderEntriesOf(
              Map.of("le=0.5", "2", "le=10.0", "6", "le=2.5e+06", "10", "le=+Inf", "12"));
      assertThat(values(prometheus, "rpc_time_seconds"))
          .containsExactlyInAnyOrderEntriesOf(Map.of("quantile=0.5", "2", "quantile=1.0", "5"));
      assertThat(values(prometheus, "latency_seconds_count").values()).containsExactly("20");
      assertThat(values(prometheus, "http_server_requests_total{job=\"it/read\"}").values())
          .contains("2", "9007199254740996");
      assertThat(values(prometheus, "target_info{host_name=\"h1\",instance=\"i-1\"}").values())
          .containsExactly("1");
      assertThat(values(prometheus, "up{job=\"scraped\"}").values()).containsExactly("1");
      Eventually.happens(() -> !exemplars(prometheus).isEmpty(), prometheus::log);
      assertThat(exemplars(prometheus)).contains(MetricRequests.TRACE);
    }
  }

  /// By TLS, with a password; whoever has none gets nothing.
  @ParameterizedTest
  @EnumSource
  void prometheusReadsItWithAPassword(Version version) throws Exception {
    var folder = Gateway.newFolder();
    var own = Certificates.make(folder, "page", "it", "ip:127.0.0.1");
    var yaml =
        YAML.replace(
                "    enable_open_metrics",
                "    tls: {cert_file: %s, key_file: %s}\n    auth: {authenticator: basicauth}\n    enable_open_metrics"
                    .formatted(own.cert(), own.key()))
            .replace(
                "service:\n",
                "extensions:\n  basicauth: {htpasswd: {inline: \"it:right\"}}\nservice:\n  extensions: [basicauth]\n");
    var tls = "scheme: https, tls_config: {ca_file: " + own.cert() + "}";
    var password = tls + ", basic_auth: {username: it, password: %s}";
    try (var sluice = Gateway.sluice(yaml);
        var known = Prometheus.scraping(version, sluice.port("page"), password.formatted("right"));
        var wrong =
            Prometheus.scraping(version, sluice.port("page"), password.formatted("wrong"))) {
      send(sluice, new MetricRequests("guarded").at(System.currentTimeMillis(), 1));
      Eventually.happens(() -> !values(known, "target_info").isEmpty(), known::log);
      assertThat(values(known, "cpu_utilization_ratio").values()).containsExactly("0.125");
      Eventually.happens(() -> values(wrong, "up{job=\"scraped\"}").containsValue("0"), wrong::log);
      assertThat(values(wrong, "cpu_utilization_ratio")).isEmpty();
    }
  }

  private static String exemplars(Prometheus prometheus) {
    var end = String.valueOf(System.currentTimeMillis() / 1000 + 60);
    var start = String.valueOf(System.currentTimeMillis() / 1000 - 600);
    var found =
        prometheus.query(
            "query_exemplars", "query", "http_server_requests_total", "start", start, "end", end);
    return Json.list(found).isEmpty() ? "" : found.toString();
  }

  /// By the label that tells them apart.
  private static Map<String, String> values(Prometheus prometheus, String expression) {
    var values = new TreeMap<String, String>();
    for (var each : prometheus.select(expression, System.currentTimeMillis() / 1000 + 1)) {
      var metric = Json.object(each.get("metric"));
      var keys = new ArrayList<String>();
      for (var name : Arrays.asList("le", "quantile")) {
        if (metric.containsKey(name)) {
          keys.add(name + "=" + metric.get(name));
        }
      }
      var key = keys.isEmpty() ? metric.toString() : keys.getFirst();
      values.put(key, Json.text(Json.list(each.get("value")).get(1)));
    }
    return values;
  }
}
