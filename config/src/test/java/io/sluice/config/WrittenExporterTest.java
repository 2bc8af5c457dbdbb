package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.ComponentId;
import io.sluice.service.Limits;
import io.sluice.service.Plan.ExporterPart;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenExporterTest {
  private static final String AROUND =
      """
      receivers: {otlp: {protocols: {grpc: }}}
      exporters:
        otlp_grpc/a:
          endpoint: %s
          timeout: 7s
          headers:
            x-key: %s
      service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_grpc/a]}}}
      """;

  private final World world =
      new World().variable("KEY", "s3cret").variable("HOST", "h:1").file("/key", "s3cret");

  private WrittenExporter written(String endpoint, String key) {
    var loaded = world.loadText(AROUND.formatted(endpoint, key));
    return loaded.written(loaded.plan().exporters().iterator().next());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${env:KEY}",
        "${KEY}",
        "${file:/key}",
        "Bearer ${env:KEY}",
        "\"${env:KEY}\"",
        "''"
      })
  void whatIsBehindAReferenceIsNotInIt(String key) {
    assertThat(written("\"${env:HOST}\"", key))
        .isInstanceOfSatisfying(
            WrittenExporter.Section.class,
            section -> {
              assertThat(section.yaml()).contains("${env:HOST}").doesNotContain("s3cret", "h:1");
              assertThat(again(section.yaml()))
                  .as("the same exporter comes out of it")
                  .isEqualTo(
                      world
                          .loadText(AROUND.formatted("\"${env:HOST}\"", key))
                          .plan()
                          .exporters()
                          .iterator()
                          .next());
            });
  }

  private ExporterPart<?> again(String yaml) {
    var limits = new Limits(80 << 20, 32 << 20, 32 << 20, 8 << 20, 8 << 20, Map.of());
    return new ConfigLoader(Fakes.REGISTRY, world, FeatureGates.defaults(), limits)
        .exporter("test", yaml, ComponentId.parse("otlp_grpc/a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3cret",
        "Bearer s3cret",
        "\"${env:NONE:-s3cret}\"",
        "'${yaml:s3cret}'",
        "'pa$$s'"
      })
  void aSecretInTheClearIsNotGivenAway(String key) {
    assertThat(written("h:1", key))
        .isInstanceOfSatisfying(
            WrittenExporter.Withheld.class,
            withheld ->
                assertThat(withheld.reason()).doesNotContain("s3cret").contains("${env:NAME}"));
  }

  @Test
  void aPasswordInAnAddressIsASecret() {
    assertThat(written("https://me:pw@host:1", "\"${env:KEY}\""))
        .isInstanceOf(WrittenExporter.Withheld.class);
  }
}
