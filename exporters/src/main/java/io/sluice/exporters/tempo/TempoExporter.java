package io.sluice.exporters.tempo;

import io.sluice.component.Exporter;
import io.sluice.data.Batch;
import io.sluice.exporters.otlp.OtlpExporter;
import io.sluice.exporters.tenant.TenantSink;
import io.sluice.exporters.tenant.Tenants;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;

/// OTLP, tenant by tenant.
final class TempoExporter implements Exporter {
  private final OtlpExporter otlp;
  private final TenantSink sink;

  TempoExporter(OtlpExporter otlp, Tenants tenants, boolean keepsDeadLetters) {
    this.otlp = otlp;
    sink = new TenantSink(tenants, keepsDeadLetters, otlp::send);
  }

  @Override
  public Future<Void> start() {
    return otlp.start();
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    return sink.accept(batch);
  }

  @Override
  public Future<Void> stop() {
    return otlp.stop();
  }
}
