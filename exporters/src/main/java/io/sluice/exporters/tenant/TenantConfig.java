package io.sluice.exporters.tenant;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.QueueConfig;
import io.sluice.component.QueueConfig.Batching;
import io.sluice.component.QueueConfig.Partition;
import io.sluice.disk.Credentials;
import io.sluice.transport.auth.HeaderRules;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

  /// Those that say whom data belongs to.
  public static List<String> metadataKeys(Optional<TenantConfig> tenant) {
    return tenant.map(TenantConfig::fromContext).filter(key -> !key.isEmpty()).stream().toList();
  }

  /// The queue, which must not join what belongs to several: the metadata would be gone with the tenant.
  public static Optional<QueueConfig> apart(
      Optional<TenantConfig> tenant, Optional<QueueConfig> queue) {
    var keys = metadataKeys(tenant);
    return keys.isEmpty() ? queue : queue.map(each -> apart(keys.getFirst(), each));
  }

  private static QueueConfig apart(String key, QueueConfig queue) {
    return new QueueConfig(
        queue.sizer(),
        queue.queueSize(),
        queue.numConsumers(),
        queue.blockOnOverflow(),
        queue.waitForResult(),
        queue.storage(),
        queue.batch().map(batch -> apart(key, batch)));
  }

  private static Batching apart(String key, Batching batch) {
    var keys = batch.partition().metadataKeys();
    return keys.stream().anyMatch(key::equalsIgnoreCase)
        ? batch
        : new Batching(
            batch.flushTimeout(),
            batch.minSize(),
            batch.maxSize(),
            batch.sizer(),
            new Partition(Stream.concat(keys.stream(), Stream.of(key)).toList()));
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
    checkContext(findings);
  }

  /// With a queue on disk the warning is an error, but that is not seen here.
  private void checkContext(Findings findings) {
    if (HeaderRules.PROOFS.contains(fromContext.toLowerCase(Locale.ROOT))) {
      findings.error(
          "from_context",
          "'" + fromContext + "' (expected: no credentials; receivers do not keep those)");
    } else if (Credentials.carriedBy(fromContext)) {
      findings.warning(
          "from_context",
          "'" + fromContext + "' looks like a secret: a queue on disk does not keep it");
    }
  }

  private static void checkName(String key, String name, Findings findings) {
    var objection = name.isEmpty() ? "" : Tenant.objection(name);
    findings.require(objection.isEmpty(), key, objection);
  }
}
