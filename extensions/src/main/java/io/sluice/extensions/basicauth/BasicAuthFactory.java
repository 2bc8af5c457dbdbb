package io.sluice.extensions.basicauth;

import io.sluice.component.ComponentContext;
import io.sluice.component.Extension;
import io.sluice.component.ExtensionFactory;
import io.sluice.component.Stability;

/// Declares `basicauth`.
public final class BasicAuthFactory implements ExtensionFactory<BasicAuthConfig> {
  @Override
  public String type() {
    return "basicauth";
  }

  @Override
  public Stability stability() {
    return Stability.BETA;
  }

  @Override
  public BasicAuthConfig defaults() {
    return BasicAuthConfig.defaults();
  }

  @Override
  public Extension create(BasicAuthConfig config, ComponentContext context) {
    return config
        .clientAuth()
        .<Extension>map(client -> new BasicAuthClient(client, context))
        .orElseGet(() -> new BasicAuthServer(config.htpasswd().orElseThrow(), context));
  }
}
