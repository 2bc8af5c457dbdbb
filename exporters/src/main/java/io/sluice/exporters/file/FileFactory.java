package io.sluice.exporters.file;

import io.sluice.component.ComponentContext;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import java.util.Map;

public final class FileFactory implements ExporterFactory<FileConfig> {
  @Override
  public String type() {
    return "file";
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Map.of(
        Signal.TRACES, Stability.ALPHA,
        Signal.METRICS, Stability.ALPHA,
        Signal.LOGS, Stability.ALPHA,
        Signal.PROFILES, Stability.DEVELOPMENT);
  }

  @Override
  public FileConfig defaults() {
    return FileConfig.defaults();
  }

  @Override
  public Exporter create(FileConfig config, ComponentContext context) {
    return new FileExporter(config, context);
  }
}
