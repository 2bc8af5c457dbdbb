package io.sluice.exporters.jaeger;

import io.sluice.component.Checked;
import io.sluice.component.Findings;
import io.sluice.component.Squash;
import io.sluice.exporters.otlp.OtlpPreset;

/// `jaeger`.
public record JaegerConfig(@Squash OtlpPreset otlp) implements Checked {
  public static JaegerConfig defaults() {
    return new JaegerConfig(OtlpPreset.defaults());
  }

  @Override
  public void check(Findings findings) {
    if (otlp.endpoint().endsWith(":14250") || otlp.endpoint().contains(":14268")) {
      findings.warning(
          "endpoint",
          "'"
              + otlp.endpoint()
              + "' is a port of Jaeger's former protocol (expected: 4317 or 4318)");
    }
  }
}
