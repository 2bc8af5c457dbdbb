package io.sluice.extensions.oauth2client;

import io.sluice.component.ComponentContext;
import io.sluice.component.Extension;
import io.sluice.component.ExtensionFactory;
import io.sluice.component.Stability;

/// Declares `oauth2client`.
public final class OAuth2ClientFactory implements ExtensionFactory<OAuth2ClientConfig> {
  @Override
  public String type() {
    return "oauth2client";
  }

  @Override
  public Stability stability() {
    return Stability.BETA;
  }

  @Override
  public OAuth2ClientConfig defaults() {
    return OAuth2ClientConfig.defaults();
  }

  @Override
  public Extension create(OAuth2ClientConfig config, ComponentContext context) {
    return new OAuth2Client(config, context, System.getenv());
  }
}
