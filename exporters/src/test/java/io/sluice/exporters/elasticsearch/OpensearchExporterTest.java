package io.sluice.exporters.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pipeline.Outcome;
import io.sluice.testkit.Payloads;
import org.junit.jupiter.api.Test;

/// What is different from Elasticsearch.
class OpensearchExporterTest {
  @Test
  void hasItsOwnDefaultsAndNoTemplates() throws Exception {
    var yaml = "dataset: shop\nnamespace: eu\nbulk_action: index\nmapping: {mode: ecs}";
    try (var server = new BulkServer();
        var sending = Sending.opensearch(yaml, server.endpoint())) {
      assertThat(sending.send(Payloads.points("a", 1))).isEqualTo(new Outcome.Accepted());
      assertThat(server.requests.getFirst().text())
          .startsWith("{\"index\":{\"_index\":\"metrics-shop-eu\"}}\n")
          .contains("\"service\":{\"name\":\"shop\"}");
    }
  }
}
