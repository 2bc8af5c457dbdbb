package io.sluice.extensions.admin;

import io.sluice.component.ComponentContext;
import io.sluice.component.Extension;
import io.sluice.component.ExtensionFactory;
import io.sluice.component.Stability;

/// Declares `admin`.
public final class AdminFactory implements ExtensionFactory<AdminConfig> {
  @Override
  public String type() {
    return "admin";
  }

  @Override
  public Stability stability() {
    return Stability.ALPHA;
  }

  @Override
  public AdminConfig defaults() {
    return AdminConfig.defaults();
  }

  @Override
  public Extension create(AdminConfig config, ComponentContext context) {
    return new Admin(config, context);
  }
}
