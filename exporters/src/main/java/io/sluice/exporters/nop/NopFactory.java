package io.sluice.exporters.nop;

import io.sluice.component.ComponentContext;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Placement;
import io.sluice.component.Stability;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import java.util.Map;

public final class NopFactory implements ExporterFactory<NopConfig> {
  @Override
  public String type() {
    return "nop";
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Map.of(
        Signal.TRACES, Stability.BETA,
        Signal.METRICS, Stability.BETA,
        Signal.LOGS, Stability.BETA,
        Signal.PROFILES, Stability.ALPHA);
  }

  @Override
  public NopConfig defaults() {
    return NopConfig.defaults();
  }

  @Override
  public Placement placement() {
    return Placement.EVERY_LOOP;
  }

  @Override
  public Exporter create(NopConfig config, ComponentContext context) {
    return new Nop();
  }

  private static final class Nop implements Exporter {
    @Override
    public Future<Outcome> accept(Batch batch) {
      return Outcome.accepted();
    }
  }
}
