package io.sluice.exporters.tenant;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import java.util.stream.Stream;

/// `tenant`.
public record TenantConfig(
    @Doc("The tenant of all data.") String value,
    @Doc("Attribute of the resource that names the tenant.") String fromAttribute,
    @Doc("Metadata of the request that names the tenant; receivers keep it by include_metadata.")
        String fromContext,
    @Doc(
            "The tenant where the attribute or the metadata is missing; empty to send without a"
                + " tenant then.")
        String defaultValue,
    @Doc("Tenants in one batch; what belongs to further ones is rejected.") int maxTenants)
    implements Checked {
  public static TenantConfig defaults() {
    return new TenantConfig("", "", "", "", 100);
  }

  @Override
  public void check(Findings findings) {
    long sources =
        Stream.of(value, fromAttribute, fromContext).filter(text -> !text.isEmpty()).count();
    findings.require(
        sources == 1,
        "",
        sources + " sources (expected: one of value, from_attribute and from_context)");
    checkName("value", value, findings);
    checkName("default_value", defaultValue, findings);
    findings.require(
        value.isEmpty() || defaultValue.isEmpty(),
        "default_value",
        "'" + defaultValue + "' beside value (expected: one of them)");
    findings.require(maxTenants > 0, "max_tenants", maxTenants + " (expected: more than 0)");
  }

  private static void checkName(String key, String name, Findings findings) {
    var objection = name.isEmpty() ? "" : Tenant.objection(name);
    findings.require(objection.isEmpty(), key, objection);
  }
}
