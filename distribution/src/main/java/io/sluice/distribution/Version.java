package io.sluice.distribution;

import io.sluice.component.ComponentContext.Build;

/// What this program is called, from the manifest of its jar.
final class Version {
  private Version() {}

  static Build build() {
    var version = Version.class.getPackage().getImplementationVersion();
    return new Build("sluice", "Sluice", version == null ? "dev" : version);
  }
}
