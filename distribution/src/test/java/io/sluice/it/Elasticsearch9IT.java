package io.sluice.it;

import org.junit.jupiter.api.Tag;

/// Elasticsearch 9, of which there is an image and nothing else. It knows dynamic templates and data streams,
/// and would judge documents by templates of its own.
@Tag("containers")
final class Elasticsearch9IT extends SearchContract {
  private static final String MAPPINGS =
      """
      "template": {"settings": {"number_of_replicas": 0}, "mappings": {
        "dynamic_templates": [
          {"counter_long": {"mapping": {"type": "long"}}},
          {"gauge_double": {"mapping": {"type": "double"}}},
          {"histogram": {"mapping": {"type": "histogram"}}}],
        "properties": {"@timestamp":
          {"type": "date_nanos", "format": "strict_date_optional_time_nanos||epoch_millis"}}}}
      """;

  @Override
  String peer() {
    return "elasticsearch9";
  }

  @Override
  String exporter() {
    return "elasticsearch";
  }

  @Override
  void prepare(SearchServer fresh) {
    fresh.put(
        "/_index_template/streams",
        """
        {"index_patterns": ["logs-*", "traces-*", "metrics-*"], "priority": 1000, "data_stream": {},
        """
            + MAPPINGS
            + "}");
    fresh.put(
        "/_index_template/own",
        "{\"index_patterns\": [\"own-*\"], \"priority\": 1000," + MAPPINGS + "}");
  }
}
