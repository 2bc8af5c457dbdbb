package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolverTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {a: {b: 1, c: 2}}  | {a: {b: 3}}        | {a={b=3, c=2}}
          {a: [1, 2]}        | {a: [3]}           | {a=[3]}
          {a: {b: 1}}        | {a: }              | {a=null}
          {a: }              | {a: {b: 1}}        | {a={b=1}}
          {a: 1}             | {a: {b: 1}}        | {a={b=1}}
          {a: {b: 1}}        | {a: {}}            | {a={b=1}}
          {a::b: 1}          | {a: {c: 2}}        | {a={b=1, c=2}}
          {a: {b::c: 1}}     | {a::b::d: 2}       | {a={b={c=1, d=2}}}
          {a: 1}             | ``                 | {a=1}
          {a: [{b::c: 1}]}   | ``                 | {a=[{b::c=1}]}
          """)
  void mergesMappingsAndReplacesEverythingElse(String below, String above, String expected) {
    var world = new World().file("1.yaml", below).file("2.yaml", above);

    assertThat(world.resolved("1.yaml", "2.yaml")).hasToString(expected);
  }

  @Test
  void readsEveryKindOfSource() {
    var world =
        new World()
            .file("a.yaml", "a: 1")
            .file("b.yaml", "b: 2")
            .file("http://host/c", "c: 3")
            .file("C:x", "f: 6")
            .variable("D", "d: 4");

    assertThat(
            world.resolved(
                "a.yaml", "file:b.yaml", "http://host/c", "env:D", "yaml:e::x: 5\ne::y: 6", "C:x"))
        .hasToString("{a=1, b=2, c=3, d=4, e={x=5, y=6}, f=6}");
  }

  @Test
  void appliesSetsLast() {
    assertThat(
            new World()
                .file("a.yaml", "p: {b/x: {t: 1s, n: 1}}")
                .set("p.b/x.t=2s")
                .set(" p.b/x.n = 7 ")
                .set("p.l=[1, 2]")
                .set("p.e=")
                .resolved("a.yaml"))
        .hasToString("{p={b/x={t=2s, n=7}, l=[1, 2], e=null}}");
  }

  @Test
  void keepsThePlaceOfAValueThatASetOverrides() {
    assertThat(new World().set("processors.batch.timeout=soon").problems(ConfigLoaderTest.WHOLE))
        .containsExactly(
            "--set processors.batch.timeout: processors::batch::timeout: 'soon' (expected: a"
                + " duration such as 300ms, 5s, 1.5h or 2m30s)");
  }

  @Test
  void keepsThePlacesOfSeveralFiles() {
    var world =
        new World()
            .file("gateway.yaml", ConfigLoaderTest.WHOLE)
            .file("more.yaml", "processors:\n  batch:\n    timeout: x\n")
            .file("part.yaml", "\nsend_batch_size: y\n")
            .file("most.yaml", "processors:\n  batch/2: ${file:part.yaml}\n");

    assertThatThrownBy(() -> world.load("gateway.yaml", "more.yaml", "most.yaml"))
        .hasMessage(
            "more.yaml:3:14: processors::batch::timeout: 'x' (expected: a duration such as 300ms,"
                + " 5s, 1.5h or 2m30s)\n"
                + "part.yaml:2:18: processors::batch/2::send_batch_size: 'y' (expected: an"
                + " integer)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          none.yaml    | --config: cannot read none.yaml: no such file or directory
          ftp:x        | --config: the scheme 'ftp' (expected: one of env, file, http, https, yaml)
          http://h/x   | --config: cannot read http://h/x: no such file or directory
          yaml:[1]     | yaml::1:1: a list (expected: the sections of a configuration)
          yaml:x       | yaml::1:1: 'x' (expected: the sections of a configuration)
          yaml:{a: b   | yaml::1:6: no YAML: while parsing a flow mapping, expected ',' or '}', but got <stream end>
          env:1        | --config: '1' as the name of an environment variable (expected: letters, digits and _)
          """)
  void saysWhichSourceIsUnusable(String source, String expected) {
    assertThatThrownBy(() -> new World().load(source)).hasMessage(expected);
  }

  @Test
  void warnsOfASecondDocument() {
    assertThat(new World().warnings(ConfigLoaderTest.WHOLE + "---\na: b\n"))
        .containsExactly("gateway.yaml:22:1: a second document, which is not read (expected: one)");
    assertThat(new World().warnings("---\n" + ConfigLoaderTest.WHOLE + "...\n")).isEmpty();
    assertThat(new World().problems("{a: 1} b")).hasSize(1);
  }

  @Test
  void refusesToRunOnNothing() {
    assertThatThrownBy(() -> new World().load())
        .hasMessage("--config: no source given (expected: at least one --config)");
    assertThatThrownBy(() -> new World().file("a", "").set("x").load("a"))
        .hasMessage("--set x: no '=' (expected: key=value)");
  }

  @Test
  void reportsWhatIsWrongInSeveralSources() {
    var world = new World().file("a.yaml", "a: [").file("b.yaml", "b: {");

    assertThatThrownBy(() -> world.load("a.yaml", "b.yaml", "c.yaml"))
        .hasMessageContaining("a.yaml:1:5: no YAML")
        .hasMessageContaining("b.yaml:1:5: no YAML")
        .hasMessageContaining("c.yaml: no such file or directory");
  }

  @Test
  void joinsListsOfIdsWhereTheGateAsksForIt() {
    var world =
        new World()
            .file("1.yaml", "service: {extensions: [a], pipelines: {t: {receivers: [r]}}}")
            .file("2.yaml", "service: {extensions: [b, a], pipelines: {t: {receivers: [s]}}}")
            .file("3.yaml", "service: {pipelines: {t: {processors: [p]}}}")
            .file("4.yaml", "service: {pipelines: {t: {processors: [q]}}}");

    assertThat(
            world
                .gate("confmap.enableMergeAppendOption")
                .resolved("1.yaml", "2.yaml", "3.yaml", "4.yaml"))
        .hasToString(
            "{service={extensions=[a, b], pipelines={t={receivers=[r, s], processors=[q]}}}}");
  }
}
