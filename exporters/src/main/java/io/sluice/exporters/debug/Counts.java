package io.sluice.exporters.debug;

import io.sluice.data.Batch;
import io.sluice.data.ResourceCursor;
import java.util.LinkedHashMap;
import java.util.Map;

/// The line that `basic` prints: how much is in a batch, under the Collector's names.
record Counts(String title, Map<String, Object> fields) {
  static Counts of(Batch batch) {
    int resources = 0;
    int metrics = 0;
    var cursor = new ResourceCursor().over(batch.otlp());
    while (cursor.next()) {
      resources++;
      var scopes = cursor.scopes();
      while (batch.signal() == io.sluice.data.Signal.METRICS && scopes.next()) {
        var each = scopes.metrics();
        while (each.next()) {
          metrics++;
        }
      }
    }
    return switch (batch.signal()) {
      case TRACES -> new Counts("Traces", fields("resource spans", resources, "spans", batch));
      case LOGS -> new Counts("Logs", fields("resource logs", resources, "log records", batch));
      case PROFILES ->
          new Counts("Profiles", fields("resource profiles", resources, "sample records", batch));
      case METRICS -> {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("resource metrics", resources);
        fields.put("metrics", metrics);
        fields.put("data points", batch.items());
        yield new Counts("Metrics", fields);
      }
    };
  }

  private static Map<String, Object> fields(
      String resource, int resources, String item, Batch batch) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put(resource, resources);
    fields.put(item, batch.items());
    return fields;
  }
}
