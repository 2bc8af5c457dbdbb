package io.sluice.exporters.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.ConfigContract;
import io.sluice.exporters.tempo.TempoFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantConfigTest {
  private static String from(String key) {
    return "{endpoint: a:1, tenant: {from_context: " + key + "}}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "proxy-authorization", "cookie", "set-cookie"})
  void whatReceiversNeverKeepCannotNameATenant(String key) {
    assertThat(ConfigContract.problems(new TempoFactory(), from(key)))
        .singleElement()
        .asString()
        .contains("from_context: '" + key + "' (expected: no credentials");
  }

  @Test
  void whatAQueueOnDiskDoesNotKeepIsWarnedOf() {
    assertThat(ConfigContract.warnings(new TempoFactory(), from("X-Tenant-Token")))
        .singleElement()
        .asString()
        .contains("'X-Tenant-Token' looks like a secret");
    assertThat(ConfigContract.warnings(new TempoFactory(), from("X-Scope-OrgID"))).isEmpty();
    assertThat(ConfigContract.problems(new TempoFactory(), from("X-Scope-OrgID"))).isEmpty();
  }
}
