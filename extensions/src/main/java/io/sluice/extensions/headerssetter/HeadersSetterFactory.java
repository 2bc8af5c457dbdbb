package io.sluice.extensions.headerssetter;

import io.sluice.component.ComponentContext;
import io.sluice.component.Extension;
import io.sluice.component.ExtensionFactory;
import io.sluice.component.Stability;

/// Declares `headers_setter`.
public final class HeadersSetterFactory implements ExtensionFactory<HeadersSetterConfig> {
  @Override
  public String type() {
    return "headers_setter";
  }

  @Override
  public Stability stability() {
    return Stability.ALPHA;
  }

  @Override
  public HeadersSetterConfig defaults() {
    return HeadersSetterConfig.defaults();
  }

  @Override
  public Extension create(HeadersSetterConfig config, ComponentContext context) {
    return new HeadersSetter(config, context);
  }
}
