package io.sluice.exporters.prometheusremotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.QueueConfig;
import io.sluice.config.ConfigContract;
import io.sluice.exporters.prometheus.Strategy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {
  private static final String ENDPOINT = "endpoint: http://a/w\n";

  private static PrometheusRemoteWriteConfig config(String yaml) {
    return ConfigContract.bind(new PrometheusRemoteWriteFactory(), yaml);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                        | endpoint: missing
          endpoint: a:1                                             | expected: http:// or https:// with a host
          {endpoint: http://a, compression: gzip}                   | (expected: snappy, or nothing)
          {endpoint: http://a, translation_strategy: NoTranslation} | names that are not escaped, with remote write 1.0
          {endpoint: http://a, max_batch_request_parallelism: 0}    | 0 (expected: at least 1)
          {endpoint: http://a, remote_write_queue: {queue_size: 0}} | queue_size: 0 (expected: more than 0)
          {endpoint: http://a, external_labels: {a: ""}}            | an empty name or value
          {endpoint: http://a, include_metadata_keys: [User-Agent]} | no header of remote write itself
          {endpoint: http://a, wal: {directory: /x}}                | use sending_queue with storage
          {endpoint: http://a, resource_constant_labels: {included: [a]}, resource_to_telemetry_conversion: {enabled: true}} | expected: one of both
          {endpoint: http://a, protobuf_message: v3}                | protobuf_message: 'v3'
          """)
  void mistakesAreNamed(String yaml, String words) {
    assertThat(String.join("\n", ConfigContract.problems(new PrometheusRemoteWriteFactory(), yaml)))
        .contains(words);
  }

  /// They would have no effect, and stand in labels of our own metrics.
  @ParameterizedTest
  @CsvSource({"http://me:secret@a/w, basicauth", "ftp://me:secret@a/w, expected: http://"})
  void credentialsInTheEndpointAreRefusedAndNotRepeated(String endpoint, String words) {
    var problems =
        ConfigContract.problems(new PrometheusRemoteWriteFactory(), "endpoint: " + endpoint);
    assertThat(String.join("\n", problems)).contains(words).doesNotContain("secret");
  }

  @Test
  void oneBatchAfterTheOther() {
    assertThat(config(ENDPOINT).queue().map(QueueConfig::numConsumers)).contains(1);
    assertThat(config(ENDPOINT).requestsMax()).isEqualTo(5);
    var queued = config(ENDPOINT + "sending_queue: {num_consumers: 3, queue_size: 7}");
    assertThat(queued.queue().map(QueueConfig::numConsumers)).contains(1);
    assertThat(queued.queue().map(QueueConfig::queueSize)).contains(7L);
    assertThat(queued.requestsMax()).isEqualTo(3);
    assertThat(config(ENDPOINT + "remote_write_queue: {enabled: false}").queue()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {enabled: false}                                       | {}
          {enabled: false, num_consumers: 3}                     | {}
          {enabled: false, storage: file_storage}                | {enabled: true}
          {enabled: false}                                       | {enabled: false}
          """)
  void aQueueThatIsOffHasNoOtherInItsPlace(String sending, String remoteWrite) {
    var config =
        config(
            ENDPOINT + "sending_queue: " + sending + "\nremote_write_queue: " + remoteWrite + "\n");
    assertThat(config.queue()).isEmpty();
    assertThat(config.keepsDeadLetters()).isFalse();
    assertThat(new PrometheusRemoteWriteFactory().delivery(config).queue()).isEmpty();
    assertThat(config.requestsMax()).isEqualTo(sending.contains("num_consumers") ? 3 : 10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http: "})
  void headersOfRemoteWriteItselfAreNotForUsersToChoose(String section) {
    var client =
        "{endpoint: \"http://a/w\", headers: {User-Agent: x, content-encoding: gzip, X-Own: y}}";
    var yaml = section.isEmpty() ? client : ENDPOINT + section + client;
    assertThat(config(yaml).effectiveClient().headers()).containsOnlyKeys("X-Own");
    assertThat(ConfigContract.warnings(new PrometheusRemoteWriteFactory(), yaml))
        .hasSize(2)
        .allMatch(problem -> problem.contains("headers") && problem.contains("has no effect"))
        .anyMatch(problem -> problem.contains("'User-Agent'"))
        .noneMatch(problem -> problem.contains("X-Own"));
  }

  @Test
  void theHttpSectionWins() {
    var config = config(ENDPOINT + "timeout: 3s\nhttp: {endpoint: http://b/w}");
    assertThat(config.uri()).hasHost("b");
    assertThat(config.effectiveClient().timeout()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void suffixesGoBothWays() {
    assertThat(config(ENDPOINT).strategy()).isEqualTo(Strategy.UNDERSCORES_AND_SUFFIXES);
    assertThat(config(ENDPOINT + "add_metric_suffixes: false").strategy())
        .isEqualTo(Strategy.UNDERSCORES);
    assertThat(
            config(
                    ENDPOINT
                        + "add_metric_suffixes: false\n"
                        + "translation_strategy: UnderscoreEscapingWithSuffixes")
                .strategy())
        .isEqualTo(Strategy.UNDERSCORES_AND_SUFFIXES);
  }
}
