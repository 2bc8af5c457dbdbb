package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.component.Secret;
import io.sluice.config.Fakes.All;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The rows of the first table were compared with the real Collector 0.159; where it shows an empty
/// text for a key that takes one, the value itself is nothing.
class ExpansionTest {
  private static World world() {
    return new World()
        .variable("X", "abc")
        .variable("AX", "inner")
        .variable("XX", "X")
        .variable("N", "0123")
        .variable("B", "true")
        .variable("E", "")
        .variable("D", "a$$b")
        .variable("Q", "'q'")
        .variable("REF", "${env:X}")
        .variable("BAD", "{a")
        .file("f.txt", "line\n")
        .file("m.yaml", "k:\n  l: ${env:X}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "NULL",
      textBlock =
          """
          ${env:X}              | abc
          ${X}                  | abc
          pre${env:X}post       | preabcpost
          ${X}${X}              | abcabc
          ${env:U:-dflt}        | dflt
          ${env:U:-}            | ``
          ${env:E:-dflt}        | NULL
          a${env:E}b            | ab
          ${env:A${XX}}         | inner
          ${env:REF}            | abc
          ${env:U:-${env:X}}    | abc
          $$                    | $
          $${X}                 | ${X}
          $$${X}                | $abc
          $$$${X}               | $${X}
          $X                    | $X
          ${X                   | ${X
          X}                    | X}
          }${X}                 | }abc
          $${X}${X}             | ${X}${X}
          ${env:D}              | a$b
          ${env:Q}              | 'q'
          ${env:BAD}            | {a
          ${yaml:t}             | t
          a${yaml:1}            | a1
          """)
  void replacesReferencesInTexts(String text, String expected) {
    var resolved = world().file("c.yaml", "v: '" + text + "'").resolved("c.yaml");

    assertThat(resolved).extracting(tree -> ((Map<?, ?>) tree).get("v")).isEqualTo(expected);
  }

  @Test
  void givesWholeValuesTheirTypeButTextsTheirOriginal() {
    var all =
        all(
            """
            text: ${env:N}
            named: 1
            small: ${env:N}
            flag: ${env:B}
            secret: ${env:N}
            words: ${env:W}
            labels: ${yaml:a}
            pause: ${env:P}
            """
                .replace("named: 1\n", "")
                .replace("labels: ${yaml:a}\n", "labels: {a: '${env:B}'}\n"));

    assertThat(all.text()).isEqualTo("0123");
    assertThat(all.small()).isEqualTo(83);
    assertThat(all.flag()).isTrue();
    assertThat(all.secret()).isEqualTo(new Secret("0123"));
    assertThat(all.words()).isEqualTo(List.of("a", "b"));
    assertThat(all.labels()).containsEntry("a", "true");
    assertThat(all.pause()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void takesAnUnsetVariableForZeroAndSaysSo() {
    var world = world();
    var loaded = load(world, "small: ${env:U}\ntext: ${env:U}\nmaybe: ${env:U}\ncount: ${env:U}\n");
    var all = (All) loaded.plan().pipelines().getFirst().processors().getFirst().config();

    assertThat(all.small()).isZero();
    assertThat(all.text()).isEmpty();
    assertThat(all.count()).isEqualTo(Optional.empty());
    assertThat(loaded.warnings())
        .anySatisfy(warning -> assertThat(warning.what()).contains("U is not set"));
  }

  @Test
  void bringsInWholeSectionsAndExpandsThemToo() {
    assertThat(world().file("c.yaml", "a: ${file:m.yaml}").resolved("c.yaml"))
        .isEqualTo(Map.of("a", Map.of("k", Map.of("l", "abc"))));
    assertThat(world().file("c.yaml", "a: '${file:f.txt}'").resolved("c.yaml"))
        .isEqualTo(Map.of("a", "line\n"));
  }

  @Test
  void leavesKeysAlone() {
    assertThat(world().file("c.yaml", "'${X}': 1").resolved("c.yaml"))
        .isEqualTo(Map.of("${X}", 1L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ${env:1X}          | '1X' as the name of an environment variable
          ${}                | '' as the name of an environment variable
          ${foo:x}           | the scheme 'foo'
          ${XX:-d}           | for a default write ${env:XX:-d}
          ${env:$X}          | has a '$' in it
          ${file:none.yaml}  | cannot read none.yaml: no such file or directory
          ${http://h/x}      | cannot read http://h/x
          ${env:LOOP}        | too many recursive expansions
          ${env:GROW}        | a text of more than
          ${file:self.yaml}  | too many recursive expansions
          ${file:twice.yaml} | too many recursive expansions
          """)
  void refusesWhatCannotBeExpandedAndNamesThePlace(String text, String expected) {
    var world =
        world()
            .variable("LOOP", "${env:LOOP}")
            .variable("GROW", "${env:GROW}${env:GROW}")
            .file("self.yaml", "a: ${file:self.yaml}")
            .file("twice.yaml", "[ '${file:twice.yaml}', '${file:twice.yaml}' ]")
            .file("c.yaml", "x:\n  v: '" + text + "'");

    assertThatThrownBy(() -> world.resolved("c.yaml"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(expected)
        .hasMessageContaining(
            text.contains(".yaml}") && !text.contains("none") ? ".yaml:" : "c.yaml:2:6: x::v");
  }

  private static All all(String body) {
    return (All)
        load(world().variable("W", "a,b").variable("P", "3s"), body)
            .plan()
            .pipelines()
            .getFirst()
            .processors()
            .getFirst()
            .config();
  }

  static Loaded load(World world, String body) {
    return world.loadText(BinderTest.around(body));
  }
}
