package io.sluice.exporters.tenant;

import java.util.HashSet;
import java.util.Set;

/// The tenants of one batch, of which there may only be so many.
final class Census {
  /// Names that are not valid and are still told apart.
  static final int REFUSED_APART_MAX = 8;

  private static final Tenant MORE_REFUSED = Tenant.refused("more tenants that are not valid");

  private final int tenantsMax;
  private final Tenant beyond;
  private final Set<Tenant> admitted = new HashSet<>();
  private final Set<Tenant> refused = new HashSet<>();

  Census(int tenantsMax) {
    this.tenantsMax = tenantsMax;
    beyond =
        Tenant.refused(
            "more than " + tenantsMax + " tenants in one batch (see tenant::max_tenants)");
  }

  /// The tenant itself, or one that says why not.
  Tenant admit(Tenant tenant) {
    var known = tenant.valid() ? admitted : refused;
    if (known.contains(tenant)) {
      return tenant;
    }
    if (known.size() >= (tenant.valid() ? tenantsMax : REFUSED_APART_MAX)) {
      return tenant.valid() ? beyond : MORE_REFUSED;
    }
    known.add(tenant);
    return tenant;
  }
}
