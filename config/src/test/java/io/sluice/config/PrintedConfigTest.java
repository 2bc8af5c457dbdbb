package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.ComponentContext.Build;
import io.sluice.component.Kind;
import io.sluice.config.PrintedConfig.Format;
import io.sluice.config.PrintedConfig.Mode;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PrintedConfigTest {
  private static final String TRICKY =
      BinderTest.around(
          """
          text: "a: b #c\\n\\"d\\" 'e' \\u0001 \\u2028"
          secret: 'true'
          small: 7
          ratio: 1e-7
          flag: true
          pause: 1h0m0.5s
          any: [1, 2.5, {a: 'null'}, [], {}, [x, '0x1']]
          color: dark_blue
          extension: file_storage/a
          maybe: {number: 3}
          words: [yes, '1:30:00', '2001-12-14', 'NO', '1_0', '', ' x ', '- a', 'k: v', '-', '#', '*a', '&b', '!c', '%d', '~']
          inners: [{number: 1}, {number: 2}]
          labels: {'a b': c, '1': '2', 'x: y': z}
          headers: {authorization: s3cret}
          nested: {a: {b: 4}}
          """);

  @Test
  void givesTheSamePlanWhenReadAgain() {
    var loaded = new World().loadText(TRICKY);
    for (var format : Format.values()) {
      var again = new World().loadText(PrintedConfig.of(loaded, format, Mode.UNREDACTED));

      assertThat(again.plan()).as(format.name()).isEqualTo(loaded.plan());
    }
  }

  @Test
  void quotesWhatYaml11ReadsOtherwise() {
    assertThat(PrintedConfig.of(new World().loadText(TRICKY), Format.YAML, Mode.REDACTED))
        .contains("- \"yes\"")
        .contains("- \"1:30:00\"")
        .contains("- \"2001-12-14\"")
        .contains("- \"NO\"");
  }

  @Test
  void hidesEverySecretUnlessTold() {
    var loaded = new World().loadText(TRICKY);

    assertThat(PrintedConfig.of(loaded, Format.YAML, Mode.REDACTED))
        .doesNotContain("s3cret")
        .contains("authorization: \"[REDACTED]\"");
    assertThat(PrintedConfig.of(loaded, Format.YAML, Mode.UNREDACTED)).contains("s3cret");
  }

  @Test
  void fillsInDefaultsAndIndentsAsTheCollectorDoes() {
    var printed =
        PrintedConfig.of(new World().loadText(ConfigLoaderTest.WHOLE), Format.YAML, Mode.REDACTED);

    assertThat(printed)
        .contains(
            """
            processors:
                memory_limiter: {}
                batch:
                    timeout: 5s
                    send_batch_size: 8192
                    send_batch_max_size: 0
                    metadata_keys:
                        - a
                        - b
            """);
  }

  @Test
  void listsComponentsAsTheCollectorDoes() {
    assertThat(ComponentList.of(Fakes.REGISTRY, new Build("sluice", "Sluice", "1.0")))
        .startsWith(
            """
            buildinfo:
                command: sluice
                description: Sluice
                version: "1.0"
            receivers:
                - name: otlp
                  module: io.sluice.config v1.0
                  stability:
                      logs: Stable
                      metrics: Stable
                      traces: Stable
                - name: zipkin_like
                  module: io.sluice.config v1.0
                  stability:
                      logs: Undefined
                      metrics: Undefined
                      traces: Alpha
            """)
        .contains("      aliases:\n          - otlp\n")
        .contains("          traces-to-metrics: Stable\n")
        .contains("          extension: Beta\n")
        .endsWith("    - scheme: yaml\n");
  }

  @Test
  void writesASchemaThatKnowsEveryKeyAndBothSpellings() {
    var schema = JsonSchema.of(Fakes.REGISTRY);
    var root = (Map<?, ?>) read(schema);

    assertThat(at(root, "properties", "exporters", "patternProperties"))
        .extracting(Map::keySet)
        .hasToString("[^otlp_grpc(/.+)?$, ^(otlp)(/.+)?$, ^debug(/.+)?$]");
    var everything =
        at(
            root,
            "properties",
            "processors",
            "patternProperties",
            "^everything(/.+)?$",
            "properties");
    assertThat(everything.keySet().stream().map(String::valueOf))
        .containsAll(
            new Shape.Section(Fakes.All.class).keys().stream().map(Shape.Field::key).toList())
        .contains("ancient");
    assertThat(at(everything, "maybe", "properties")).containsKeys("enabled", "number");
    assertThat(at(everything, "pause").get("default")).isEqualTo("1s");
    assertThat(at(everything, "small").get("description")).isEqualTo("An int.");
    assertThat(at(everything, "secret")).doesNotContainKey("default");
    assertThat(at(everything, "useless"))
        .containsEntry("deprecated", true)
        .containsEntry(
            "description",
            "A key without effect. Accepted, has no effect in Sluice: there is none here.");
  }

  @Test
  void theSchemaMarksKeysThatAreNotSupported() {
    var root = (Map<?, ?>) read(JsonSchema.of(Registry.of(new ConfigContractTest.Lack())));
    var lack = at(root, "properties", "extensions", "patternProperties", "^lack(/.+)?$");

    assertThat(at(lack, "properties", "text")).doesNotContainKey("deprecated");
    assertThat(at(lack, "properties", "magic"))
        .containsEntry("deprecated", true)
        .containsEntry(
            "description",
            "Something else. Not supported in Sluice, only the default is accepted: nobody has"
                + " made it yet.");
  }

  private static Object read(String json) {
    return Objects.requireNonNull(YamlReader.read(YamlReader.Places.in(0, "schema"), json).plain());
  }

  @SuppressWarnings("unchecked")
  private static Map<Object, Object> at(Map<?, ?> map, String... keys) {
    var here = map;
    for (var key : keys) {
      here = (Map<?, ?>) Objects.requireNonNull(here.get(key), key);
    }
    return (Map<Object, Object>) here;
  }

  @Test
  void writesAManualOfEveryKind() {
    var manual = Manual.of(Fakes.REGISTRY);

    assertThat(manual.keySet()).containsExactly(Kind.values());
    assertThat(manual.get(Kind.EXPORTER))
        .contains("## `otlp_grpc`")
        .contains("Also accepted: `otlp` (deprecated).")
        .contains("| `timeout` | duration | `5s` | For one attempt. |")
        .contains("| `sending_queue` | optional section | on | Waits. |")
        .contains("| `sending_queue::batch::min_size` | integer | `8192` |")
        .contains("| `headers` | map to secrets | `{}` | Sent along. |");
    assertThat(Manual.telemetry()).contains("| `logs::level` | `debug`, `info`");
  }
}
