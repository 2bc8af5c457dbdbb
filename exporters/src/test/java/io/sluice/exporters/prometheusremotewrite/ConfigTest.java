package io.sluice.exporters.prometheusremotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.QueueConfig;
import io.sluice.config.ConfigContract;
import io.sluice.exporters.prometheus.Strategy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
          {endpoint: http://a, protobuf_message: v3}                | protobuf_message: 'v3'
          """)
  void mistakesAreNamed(String yaml, String words) {
    assertThat(String.join("\n", ConfigContract.problems(new PrometheusRemoteWriteFactory(), yaml)))
        .contains(words);
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
