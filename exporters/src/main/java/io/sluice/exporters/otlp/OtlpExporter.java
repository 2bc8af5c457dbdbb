package io.sluice.exporters.otlp;

import io.sluice.component.Exporter;
import io.sluice.data.Batch;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import java.util.Map;

/// Sends by OTLP, whatever carries it.
public interface OtlpExporter extends Exporter {
  /// One attempt, with headers of this batch alone, by lower-case name.
  Future<Outcome> send(Batch batch, Map<String, String> headers);

  @Override
  default Future<Outcome> accept(Batch batch) {
    return send(batch, Map.of());
  }
}
