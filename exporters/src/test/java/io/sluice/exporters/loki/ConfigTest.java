package io.sluice.exporters.loki;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.ExporterFactory;
import io.sluice.config.ConfigContract;
import io.sluice.exporters.tempo.TempoFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
  private static LokiConfig config(String yaml) {
    return ConfigContract.bind(new LokiFactory(), yaml);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                      | endpoint: missing
          endpoint: a:1                                           | expected: http:// or https:// with a host
          {endpoint: http://a, compression: gzip}                 | (expected: snappy, or nothing, with protobuf)
          {endpoint: http://a, encoding: json, compression: zstd} | (expected: gzip or none, with json)
          {endpoint: http://a, encoding: xml}                     | encoding: 'xml'
          {endpoint: http://a, format: text}                      | format: 'text'
          {endpoint: http://a, max_batch_size_bytes: 1}           | 1 (expected: at least 1024)
          {endpoint: http://a, labels: {max_labels: 0}}           | max_labels: 0 (expected: more than 0)
          {endpoint: http://a, labels: {max_values_per_label: -1}}| -1 (expected: 0 to 1048576)
          {endpoint: http://a, labels: {max_labels: 1, static: {a: b, c: d}}} | static: 2 labels (expected: at most max_labels, 1)
          {endpoint: http://a, labels: {static: {a: ""}}}         | an empty name or value
          {endpoint: http://a, labels: {static: {a.b: x, a_b: y}}} | static: 'a.b' and 'a_b' are the same label
          {endpoint: http://a, tenant: {}}                        | 0 sources (expected: one of value, from_attribute and from_context)
          {endpoint: http://a, tenant: {value: a, from_context: b}} | 2 sources
          {endpoint: http://a, tenant: {value: a/b}}              | value: tenant 'a/b'
          {endpoint: http://a, tenant: {from_attribute: a, max_tenants: 0}} | max_tenants: 0
          """)
  void mistakesAreNamed(String yaml, String words) {
    assertThat(String.join("\n", ConfigContract.problems(new LokiFactory(), yaml))).contains(words);
  }

  @Test
  void aPathIsAddedWhereThereIsNone() {
    assertThat(config("endpoint: http://a:3100").uri()).hasPath("/loki/api/v1/push");
    assertThat(config("endpoint: http://a:3100/").uri()).hasPath("/loki/api/v1/push").hasPort(3100);
    assertThat(config("endpoint: http://a/logs/push").uri()).hasPath("/logs/push");
  }

  @Test
  void theWholeRecordInTheLineNeedsNoMetadata() {
    assertThat(config("endpoint: http://a").sendsMetadata()).isTrue();
    assertThat(config("{endpoint: http://a, format: json}").sendsMetadata()).isFalse();
    assertThat(
            config("{endpoint: http://a, format: json, structured_metadata: {enabled: true}}")
                .sendsMetadata())
        .isTrue();
  }

  @Test
  void whatNamesTheTenantIsSaidToWhoeverJoinsRequests() {
    var tenant = "tenant: {from_context: X-Tenant}}";
    assertThat(new LokiFactory().metadataKeys(config("{endpoint: http://a, " + tenant)))
        .containsExactly("X-Tenant");
    var tempo = new TempoFactory();
    assertThat(tempo.metadataKeys(ConfigContract.bind(tempo, "{endpoint: a:1, " + tenant)))
        .containsExactly("X-Tenant");
    assertThat(new LokiFactory().metadataKeys(config("{endpoint: http://a, tenant: {value: a}}")))
        .isEmpty();
  }

  /// Else the tenant would be lost where batches of several are joined.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sending_queue: {batch: {}}                                              | [X-Tenant]
          sending_queue: {batch: {partition: {metadata_keys: [region]}}}           | [region, X-Tenant]
          sending_queue: {batch: {partition: {metadata_keys: [x-tenant, region]}}} | [x-tenant, region]
          """)
  void aQueueKeepsTenantsOfTheRequestApart(String queue, String keys) {
    var yaml = "{endpoint: http://a, tenant: {from_context: X-Tenant}, " + queue + "}";
    assertThat(partition(new LokiFactory(), yaml)).hasToString(keys);
    assertThat(partition(new TempoFactory(), yaml)).hasToString(keys);
  }

  @Test
  void aQueueThatJoinsNothingStaysSo() {
    var yaml = "{endpoint: http://a, tenant: {from_context: X-Tenant}, sending_queue: {}}";
    assertThat(new LokiFactory().delivery(config(yaml)).queue().orElseThrow().batch()).isEmpty();
  }

  private static <C extends Record> List<String> partition(
      ExporterFactory<C> factory, String yaml) {
    var queue = factory.delivery(ConfigContract.bind(factory, yaml)).queue().orElseThrow();
    return queue.batch().orElseThrow().partition().metadataKeys();
  }

  @Test
  void twoTenantsAreSaidToBeOne() {
    assertThat(
            ConfigContract.warnings(
                new LokiFactory(),
                "{endpoint: http://a, tenant: {value: a}, headers: {x-scope-orgid: b}}"))
        .anyMatch(warning -> warning.contains("X-Scope-OrgID beside tenant"));
  }
}
