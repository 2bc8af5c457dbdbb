package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// OpenSearch 3, which has data streams too.
@Tag("backend")
final class OpenSearchIT extends SearchContract {
  @Override
  String peer() {
    return "opensearch";
  }

  @Test
  void documentsGoToDataStreams() {
    server()
        .put(
            "/_index_template/streams",
            """
            {"index_patterns": ["logs-stream*"], "priority": 500, "data_stream": {},
             "template": {"settings": {"number_of_replicas": 0}, "mappings": {"properties": {"@timestamp":
               {"type": "date_nanos", "format": "strict_date_optional_time_nanos||epoch_millis"}}}}}
            """);
    try (var gateway = gateway(server(), "")) {
      send(gateway, "logs", logs("stream", 5, i -> number(i)));
      awaits("logs-stream.otel-default", 5);
    }
    assertThat(server().search("logs-stream.otel-default"))
        .hasSize(5)
        .allMatch(hit -> Json.text(hit.get("_index")).startsWith(".ds-logs-stream.otel-default-"));
  }
}
