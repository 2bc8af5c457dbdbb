package io.sluice.exporters.elasticsearch;

import io.sluice.component.Checked;
import io.sluice.component.Findings;
import io.sluice.component.Squash;
import java.util.Map;

/// `elasticsearch`.
public record ElasticsearchConfig(@Squash BulkConfig bulk) implements Checked {
  public static ElasticsearchConfig defaults() {
    return new ElasticsearchConfig(BulkConfig.defaults());
  }

  @Override
  public void check(Findings findings) {
    if (!bulk.mapping().mode().isEmpty()) {
      findings.warning(
          "mapping::mode",
          "the key has no effect, as in the Collector (expected: scope attribute"
              + " elastic.mapping.mode, or request metadata X-Elastic-Mapping-Mode)");
    }
    places(System.getenv(), findings);
    findings.require(
        !bulk.cloudid().isEmpty() || !bulk.places(System.getenv()).isEmpty(),
        "endpoint",
        "missing (expected: endpoint, endpoints, cloudid or the variable ELASTICSEARCH_URL)");
  }

  /// What the configuration names itself is checked with it.
  void places(Map<String, String> environment, Findings findings) {
    if (bulk.endpoints().isEmpty()
        && bulk.client().endpoint().isEmpty()
        && bulk.cloudid().isEmpty()) {
      var check = new BulkCheck(bulk, findings);
      bulk.places(environment).forEach(place -> check.url("endpoint", place));
    }
  }
}
