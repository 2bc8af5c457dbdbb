package io.sluice.exporters.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.data.Origin;
import io.sluice.data.OtlpJson;
import io.sluice.data.Signal;
import io.sluice.data.Validate;
import io.sluice.pipeline.Outcome.Culprit;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.wire.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantsTest {
  private static final String RESOURCE =
      """
      {"resource":{"attributes":[{"key":"team","value":{"stringValue":"%s"}}]},
       "scopeLogs":[{"logRecords":[{"body":{"stringValue":"%s"}}]}]}\
      """;

  static Tenants tenants(
      String value, String attribute, String context, String otherwise, int max) {
    return Tenants.of(Optional.of(new TenantConfig(value, attribute, context, otherwise, max)));
  }

  /// One record for each tenant.
  static Batch batch(String... names) {
    var resources =
        IntStream.range(0, names.length)
            .mapToObj(i -> RESOURCE.formatted(names[i], "record " + i))
            .collect(Collectors.joining(","));
    var json = Bytes.utf8("{\"resourceLogs\":[" + resources + "]}");
    var checked = Validate.request(Signal.LOGS, OtlpJson.decode(Signal.LOGS, json));
    return Batch.of(Signal.LOGS, checked.otlp(), checked.items());
  }

  private static Batch with(Batch batch, String... values) {
    return batch.with(Origin.UNKNOWN.withMetadata(Map.of("x-team", List.of(values))));
  }

  private static List<String> names(Tenants.Shares shares) {
    return shares.shares().stream()
        .map(share -> share.tenant().name() + ":" + share.batch().items())
        .toList();
  }

  private static List<String> objections(Tenants.Shares shares) {
    return shares.culprits().stream()
        .map(culprit -> culprit.reason() + " #" + culprit.batch().items())
        .toList();
  }

  @Test
  void withoutTheKeyAllIsNobodys() {
    var shares = Tenants.of(Optional.empty()).of(batch("a", "b"));
    assertThat(names(shares)).containsExactly(":2");
    assertThat(shares.shares().getFirst().tenant().headers()).isEmpty();
  }

  @Test
  void aConstantNamesAllData() {
    var shares = tenants("shop", "", "", "", 1).of(batch("a", "b"));
    assertThat(names(shares)).containsExactly("shop:2");
    assertThat(shares.shares().getFirst().tenant().headers())
        .isEqualTo(Map.of("X-Scope-OrgID", "shop"));
  }

  @Test
  void resourcesAreGroupedByTheirAttribute() {
    var shares = tenants("", "team", "", "rest", 9).of(batch("a", "b", "a", "", "b", "a"));
    assertThat(names(shares)).containsExactly("a:3", "b:2", "rest:1");
    assertThat(names(tenants("", "absent", "", "", 9).of(batch("a", "b")))).containsExactly(":2");
  }

  @Test
  void metadataNamesTheWholeBatch() {
    var tenants = tenants("", "", "X-Team", "rest", 9);
    assertThat(names(tenants.of(with(batch("a", "b"), "us")))).containsExactly("us:2");
    assertThat(names(tenants.of(with(batch("a"), "us", "us")))).containsExactly("us:1");
    assertThat(names(tenants.of(batch("a")))).containsExactly("rest:1");
    assertThat(objections(tenants.of(with(batch("a", "b"), "us", "them"))))
        .containsExactly("2 tenants in 'x-team' (expected: one) #2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "Team-1", "a_b.c*d'e(f)!", "...", "42"})
  void namesThatTheServersTake(String name) {
    assertThat(Tenant.of(name).valid()).isTrue();
    assertThat(Tenant.of("a".repeat(Tenant.LENGTH_MAX)).valid()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          a|b => tenant 'a|b' (expected: letters
          a:b => tenant 'a:b' (expected: letters
          a/../b => tenant 'a/../b' (expected: letters
          ü => tenant '?' (expected: letters
          a b        => tenant 'a b' (expected: letters
          . => tenant '.' (expected: neither . nor ..)
          .. => tenant '..' (expected: neither . nor ..)
          """)
  void namesThatTheServersRefuse(String name, String words) {
    assertThat(Tenant.of(name).objection()).startsWith(words);
    assertThat(Tenant.of("a".repeat(Tenant.LENGTH_MAX + 1)).objection())
        .contains("at most 150 bytes");
    assertThat(Tenant.of("a\r\nX-Other: b").objection()).startsWith("tenant 'a??X-Other: b'");
  }

  @Test
  void whatHasNoValidTenantIsRejectedAlone() {
    var shares = tenants("", "team", "", "", 9).of(batch("a", "no/no", "b", "no/no"));
    assertThat(names(shares)).containsExactly("a:1", "b:1");
    assertThat(objections(shares)).hasSize(1).allMatch(text -> text.endsWith("#2"));
    assertThat(shares.culprits()).extracting(Culprit::fault).containsOnly(Fault.PERMISSION_DENIED);
  }

  @Test
  void aBatchHasOnlySoManyTenants() {
    var shares = tenants("", "team", "", "", 2).of(batch("a", "b", "c", "a", "d"));
    assertThat(names(shares)).containsExactly("a:2", "b:1");
    assertThat(objections(shares))
        .containsExactly("more than 2 tenants in one batch (see tenant::max_tenants) #2");
    var bad = Stream.iterate("/", name -> name + "/").limit(50).toArray(String[]::new);
    assertThat(objections(tenants("", "team", "", "", 2).of(batch(bad))))
        .hasSize(Census.REFUSED_APART_MAX + 1);
  }
}
