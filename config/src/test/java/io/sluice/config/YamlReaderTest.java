package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.config.YamlReader.Places;
import io.sluice.config.YamlReader.YamlException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlReaderTest {
  static Tree read(String text) {
    return YamlReader.read(Places.in(0, "f.yaml"), text);
  }

  /// What the Collector's YAML library makes of each.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          true        | Boolean | true
          FALSE       | Boolean | false
          tRue        | String  | tRue
          on          | String  | on
          yes         | String  | yes
          n           | String  | n
          1           | Long    | 1
          -7          | Long    | -7
          +7          | Long    | 7
          0777        | Long    | 511
          0o17        | Long    | 15
          08          | Double  | 8.0
          1_000       | Long    | 1000
          0b11        | Long    | 3
          -0b11       | Long    | -3
          0xfF        | Long    | 255
          -0x1        | Long    | -1
          0x          | String  | 0x
          9223372036854775807  | Long   | 9223372036854775807
          99999999999999999999 | Double | 1.0E20
          1.5         | Double  | 1.5
          .5          | Double  | 0.5
          1.          | Double  | 1.0
          1e3         | Double  | 1000.0
          1e400       | String  | 1e400
          1e          | String  | 1e
          .inf        | Double  | Infinity
          -.INF       | Double  | -Infinity
          .nan        | Double  | NaN
          12:30:45    | String  | 12:30:45
          2001-12-14  | String  | 2001-12-14
          1.2.3       | String  | 1.2.3
          '1'         | String  | 1
          "true"      | String  | true
          !!str 1     | String  | 1
          ! 1         | String  | 1
          !!int '3'   | Long    | 3
          -           | String  | -
          =           | String  | =
          """)
  void readsScalarsAsGoDoes(String text, String type, String value) {
    var plain = read(text.equals("-") ? "'-'" : text).plain();

    assertThat(plain).isNotNull().extracting(p -> p.getClass().getSimpleName()).isEqualTo(type);
    assertThat(plain).hasToString(value);
  }

  @ParameterizedTest
  @CsvSource({"~", "null", "NULL", "Null", "''", "!!null x", "#c"})
  void readsNothing(String text) {
    assertThat(read(text).plain()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {a: &x {b: 1}, c: *x}                         | {a={b=1}, c={b=1}}
          {a: &x {b: 1, d: 2}, c: {<<: *x, b: 3}}       | {a={b=1, d=2}, c={b=3, d=2}}
          {a: {<<: [{x: 1}, {x: 2, y: 2}], z: 3}}       | {a={z=3, x=1, y=2}}
          {a: {'<<': 1}}                                | {a={<<=1}}
          {1: a, true: b}                               | {1=a, true=b}
          [a, [b], {c: d}]                              | [a, [b], {c=d}]
          """)
  void resolvesAliasesAndMergeKeys(String text, String expected) {
    assertThat(read(text).plain()).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {a: 1, b: 2, a: 3}     | f.yaml:1:14: the key 'a' stands twice (also at f.yaml:1:2)
          {a: &x [*x]}           | f.yaml:1:9: the alias *x stands inside its own anchor
          {a: *x}                | f.yaml:1:5: the alias *x has no anchor before it
          {[a]: 1}               | f.yaml:1:2: a list as a key (expected: a text)
          {~: 1}                 | f.yaml:1:2: nothing as a key (expected: a text)
          !!binary aGk=          | f.yaml:1:1: the tag tag:yaml.org,2002:binary (expected: none)
          !x {a: 1}              | f.yaml:1:1: the tag !x (expected: none)
          {<<: 1}                | f.yaml:1:6: <<: 1 (expected: a mapping to merge)
          """)
  void refusesWhatHasNoOneMeaning(String text, String expected) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            YamlException.class, e -> assertThat(e.problem()).hasToString(expected));
  }

  @Test
  void boundsDepthAliasesAndSize() {
    var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 20; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(10)));
    }

    assertThatThrownBy(() -> read(bomb.toString())).hasMessageContaining("aliases counted");
    assertThatThrownBy(() -> read("[".repeat(1_000_000))).hasMessageContaining("nested more than");
    assertThatThrownBy(() -> read("- ".repeat(200) + "x")).hasMessageContaining("nested more than");
    assertThatThrownBy(() -> read(" ".repeat(YamlReader.CODE_POINTS_MAX + 1)))
        .hasMessageContaining("characters");
    assertThatThrownBy(() -> new World().resolved("yaml:" + "a::".repeat(200) + "a: 1"))
        .hasMessageContaining("nested more than");
  }

  /// Pieces of YAML in any order: a tree or a [YamlException], nothing else.
  @Test
  void neverFailsInAnyOtherWay() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var pieces =
        new String[] {
          "a",
          ": ",
          "\n",
          "  ",
          "- ",
          "[",
          "]",
          "{",
          "}",
          ",",
          "&x ",
          "*x",
          "!!str ",
          "'",
          "\"",
          "|\n",
          ">-\n",
          "#",
          "<<",
          "? ",
          "---\n",
          "...\n",
          "%YAML 1.1\n",
          "\t",
          "${env:X}",
          "::",
          "\u0000",
          "\ud800",
          "\ufeff",
          "é",
          "1",
          "0x",
          "~",
          "\\u12",
          "@",
          "`",
          "\r",
          "\u2028"
        };
    for (int round = 0; round < 20_000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(30); i > 0; i--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      FuzzConfig.loads(text.toString(), "seed " + seed + " round " + round);
    }
  }
}
