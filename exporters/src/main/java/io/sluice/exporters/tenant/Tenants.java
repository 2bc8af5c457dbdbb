package io.sluice.exporters.tenant;

import io.sluice.data.AnyValue;
import io.sluice.data.Attributes;
import io.sluice.data.Batch;
import io.sluice.data.Split;
import io.sluice.pipeline.Outcome.Culprit;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says which data belongs to which tenant. Immutable.
public final class Tenants {
  private static final int RESOURCE_ATTRIBUTES = 1;

  private final int tenantsMax;
  private final Tenant always;
  private final Tenant otherwise;
  private final Bytes attribute;
  private final String metadata;

  private Tenants(@Nullable TenantConfig config) {
    tenantsMax = config == null ? 1 : config.maxTenants();
    always = config == null ? Tenant.NONE : Tenant.of(config.value());
    otherwise = config == null ? Tenant.NONE : Tenant.of(config.defaultValue());
    attribute = Bytes.utf8(config == null ? "" : config.fromAttribute());
    metadata = config == null ? "" : config.fromContext().toLowerCase(Locale.ROOT);
  }

  /// @param config absent: no data belongs to anybody
  public static Tenants of(Optional<TenantConfig> config) {
    return new Tenants(config.orElse(null));
  }

  /// What of a batch belongs to one tenant.
  public record Share(Tenant tenant, Batch batch) {}

  /// @param culprits what belongs to nobody that it could be sent for
  public record Shares(List<Share> shares, List<Culprit> culprits) {}

  /// What of the batch belongs to whom, in the order of arrival: slices of it, or itself. All shares are
  /// under its lease.
  public Shares of(Batch batch) {
    var shares = new ArrayList<Share>();
    var culprits = new ArrayList<Culprit>();
    if (attribute.isEmpty()) {
      add(new Share(ofRequest(batch), batch), shares, culprits);
    } else {
      var census = new Census(tenantsMax);
      Split.byResource(batch, resource -> census.admit(ofResource(resource)))
          .forEach((tenant, part) -> add(new Share(tenant, part), shares, culprits));
    }
    return new Shares(shares, culprits);
  }

  private static void add(Share share, List<Share> shares, List<Culprit> culprits) {
    var tenant = share.tenant;
    if (tenant.valid()) {
      shares.add(share);
    } else {
      culprits.add(new Culprit(share.batch, Fault.PERMISSION_DENIED, tenant.objection()));
    }
  }

  private Tenant ofRequest(Batch batch) {
    if (metadata.isEmpty()) {
      return always;
    }
    var values = batch.origin().metadata().getOrDefault(metadata, List.of());
    long names = values.stream().distinct().count();
    if (names > 1) {
      return Tenant.refused(names + " tenants in '" + metadata + "' (expected: one)");
    }
    return values.isEmpty() || values.getFirst().isEmpty()
        ? otherwise
        : Tenant.of(values.getFirst());
  }

  private Tenant ofResource(Bytes resource) {
    var attributes = Attributes.in(resource, RESOURCE_ATTRIBUTES);
    var name = attributes.find(attribute) ? AnyValue.decode(attributes.value()).text() : "";
    return name.isEmpty() ? otherwise : Tenant.of(name);
  }
}
