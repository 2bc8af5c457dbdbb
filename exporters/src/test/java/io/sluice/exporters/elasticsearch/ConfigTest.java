package io.sluice.exporters.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Findings;
import io.sluice.component.QueueConfig;
import io.sluice.config.ConfigContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
  private static BulkConfig config(String yaml) {
    return ConfigContract.bind(
            new ElasticsearchFactory(), "endpoint: http://a\n" + yaml.replace("{}", ""))
        .bulk();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          endpoint: a:1                                                   | expected: http:// or https:// with a host
          endpoint: http://u:p@a                                          | expected: user and password
          {endpoint: http://a, endpoints: [http://b]}                     | one of endpoint, endpoints and cloudid
          endpoints: [b]                                                  | endpoints: 'b'
          cloudid: "x:!"                                                  | no base64 behind the colon
          cloudid: "x:YWJj"                                               | no host and cluster in it
          {endpoint: http://a, compression: zstd}                         | (expected: gzip or none)
          {endpoint: http://a, user: u, api_key: k}                       | beside a user
          {endpoint: http://a, user: u, auth: {authenticator: x}}         | beside a user or an api_key
          {endpoint: http://a, logs_index: "A b"}                         | logs_index: 'A b' (expected: lower case
          {endpoint: http://a, traces_index: _all}                        | not to begin with _
          {endpoint: http://a, allowed_index_prefixes: [""]}              | the beginning of a name
          {endpoint: http://a, mapping: {allowed_modes: [ss4o]}}          | expected: bodymap, ecs, none, otel or raw
          {endpoint: http://a, logstash_format: {enabled: true, date_format: "%q"}} | (expected: %Y, %y
          {endpoint: http://a, logstash_format: {enabled: true, date_format: "%Y/%m"}} | expected: lower case
          {endpoint: http://a, retry: {max_retries: -1}}                  | -1 (expected: >= 0)
          {endpoint: http://a, retry: {max_retries: 1, max_requests: 2}}  | max_retries alone
          {endpoint: http://a, bulk_response_filter_path: took}           | items.*.status among it
          """)
  void mistakesAreNamed(String yaml, String words) {
    assertThat(String.join("\n", ConfigContract.problems(new ElasticsearchFactory(), yaml)))
        .contains(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mapping: {mode: ecs}                | scope attribute elastic.mapping.mode
          logs_dynamic_index: {enabled: true} | an index is dynamic unless
          discover: {on_start: true}          | name all endpoints
          flush: {bytes: 1000}                | sending_queue::batch::max_size
          num_workers: 3                      | sending_queue::num_consumers
          retry: {max_requests: 3}            | retry::max_retries
          mapping: {dedot: false}             | dots are objects in mapping mode ecs
          """)
  void whatHasNoEffectOrAnotherNameIsSaid(String yaml, String words) {
    assertThat(
            String.join(
                "\n",
                ConfigContract.warnings(
                    new ElasticsearchFactory(), "endpoint: http://a\n" + yaml.replace("{}", ""))))
        .contains(words);
  }

  @Test
  void opensearchHasNoModesOfItsOwn() {
    assertThat(
            String.join(
                "\n",
                ConfigContract.problems(
                    new OpensearchFactory(), "{endpoint: http://a, mapping: {mode: ss4o}}")))
        .contains("'ss4o' (expected: otel, ecs, none, raw or bodymap)");
    assertThat(ConfigContract.problems(new OpensearchFactory(), "{}")).hasSize(1);
    var nested =
        ConfigContract.bind(new OpensearchFactory(), "http: {endpoint: http://b, timeout: 3s}");
    assertThat(nested.effective().places(Map.of())).isEqualTo(List.of("http://b"));
    assertThat(nested.effective().client().compression()).isEqualTo("gzip");
  }

  @Test
  void olderKeysSetTheQueueUnlessItIsWritten() {
    var older = config("flush: {bytes: 3000, interval: 4s}\nnum_workers: 5").queue().orElseThrow();
    assertThat(older.numConsumers()).isEqualTo(5);
    assertThat(older.batch().map(QueueConfig.Batching::maxSize)).contains(3000L);
    assertThat(older.batch().map(QueueConfig.Batching::flushTimeout))
        .contains(Duration.ofSeconds(4));
    var both = config("flush: {bytes: 3000}\nsending_queue: {batch: {min_size: 1, max_size: 7}}");
    assertThat(both.requestBytesMax()).isEqualTo(7);
  }

  @Test
  void placesComeFromTheIdOfACloudAndFromTheEnvironment() {
    var cloud = ConfigContract.bind(new ElasticsearchFactory(), "cloudid: \"n:aC5pbyRlcyRr\"");
    assertThat(cloud.bulk().places(Map.of())).isEqualTo(List.of("https://es.h.io:443"));
    var none = ElasticsearchConfig.defaults().bulk();
    assertThat(none.places(Map.of("ELASTICSEARCH_URL", "http://a, http://b")))
        .isEqualTo(List.of("http://a", "http://b"));
  }

  @Test
  void withoutASayOfItsOwnAQueueDecidesHowLongToTry() {
    assertThat(config("{}").retry().retriesMax()).isEmpty();
    assertThat(config("retry: {max_retries: 2}").retry().retriesMax()).contains(2);
    assertThat(config("retry: {max_requests: 3}").retry().retriesMax()).contains(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                      | X-Elastic-Mapping-Mode
          metadata_keys: [t]                                      | t, X-Elastic-Mapping-Mode
          metadata_keys: [x-elastic-mapping-MODE]                 |
          sending_queue: {batch: {partition: {metadata_keys: [t]}}} | t, X-Elastic-Mapping-Mode
          """)
  void batchesOfDifferentModesAreNotJoined(String yaml, String keys) {
    var partition =
        config(yaml).queue().flatMap(QueueConfig::batch).orElseThrow().partition().metadataKeys();
    var expected = keys == null ? "x-elastic-mapping-MODE" : keys;
    assertThat(String.join(", ", partition)).isEqualToIgnoringCase(expected);
  }

  @Test
  void placesOfTheEnvironmentAreCheckedAndPasswordsNotRepeated() {
    var said = new ArrayList<String>();
    var findings =
        new Findings() {
          @Override
          public void error(String key, String what) {
            said.add(key + " " + what);
          }

          @Override
          public void warning(String key, String what) {
            said.add(what);
          }
        };
    ElasticsearchConfig.defaults()
        .places(Map.of("ELASTICSEARCH_URL", "http://u:geheim@a,ftp://v:geheim@b"), findings);
    assertThat(said.toString())
        .contains("expected: user and password", "***@b")
        .doesNotContain("geheim");
    assertThat(ConfigContract.problems(new ElasticsearchFactory(), "endpoint: ftp://u:geheim@a"))
        .isNotEmpty()
        .noneMatch(problem -> problem.contains("geheim"));
  }
}
