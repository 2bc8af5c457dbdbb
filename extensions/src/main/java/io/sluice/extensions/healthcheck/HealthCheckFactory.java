package io.sluice.extensions.healthcheck;

import io.sluice.component.ComponentContext;
import io.sluice.component.Extension;
import io.sluice.component.ExtensionFactory;
import io.sluice.component.Stability;

/// Declares `health_check`.
public final class HealthCheckFactory implements ExtensionFactory<HealthCheckConfig> {
  @Override
  public String type() {
    return "health_check";
  }

  @Override
  public Stability stability() {
    return Stability.BETA;
  }

  @Override
  public HealthCheckConfig defaults() {
    return HealthCheckConfig.defaults();
  }

  @Override
  public Extension create(HealthCheckConfig config, ComponentContext context) {
    return new HealthCheck(config, context);
  }
}
