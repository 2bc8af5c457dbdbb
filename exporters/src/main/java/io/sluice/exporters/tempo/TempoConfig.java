package io.sluice.exporters.tempo;

import io.sluice.component.Doc;
import io.sluice.component.EmptyIsOff;
import io.sluice.component.Squash;
import io.sluice.exporters.otlp.OtlpPreset;
import io.sluice.exporters.tenant.TenantConfig;
import java.util.Optional;

/// `tempo`.
public record TempoConfig(
    @Squash OtlpPreset otlp,
    @Doc("Whose data it is, sent as X-Scope-OrgID.") @EmptyIsOff Optional<TenantConfig> tenant) {
  public static TempoConfig defaults() {
    return new TempoConfig(OtlpPreset.defaults(), Optional.empty());
  }
}
