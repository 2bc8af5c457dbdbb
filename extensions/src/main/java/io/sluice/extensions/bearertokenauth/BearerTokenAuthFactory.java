package io.sluice.extensions.bearertokenauth;

import io.sluice.component.ComponentContext;
import io.sluice.component.Extension;
import io.sluice.component.ExtensionFactory;
import io.sluice.component.Stability;

/// Declares `bearertokenauth`.
public final class BearerTokenAuthFactory implements ExtensionFactory<BearerTokenAuthConfig> {
  @Override
  public String type() {
    return "bearertokenauth";
  }

  @Override
  public Stability stability() {
    return Stability.BETA;
  }

  @Override
  public BearerTokenAuthConfig defaults() {
    return BearerTokenAuthConfig.defaults();
  }

  @Override
  public Extension create(BearerTokenAuthConfig config, ComponentContext context) {
    return new BearerTokenAuth(config, context);
  }
}
