package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.ComponentId;
import io.sluice.component.Secret;
import io.sluice.config.Fakes.All;
import io.sluice.config.Fakes.Color;
import io.sluice.config.Fakes.Inner;
import io.sluice.config.Fakes.Switched;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinderTest {
  /// A configuration with this body for the processor `everything`, which begins in line 4.
  static String around(String body) {
    return "receivers: {otlp: {protocols: {grpc: }}}\nprocessors:\n  everything:\n"
        + body.indent(4)
        + """
        exporters: {debug: }
        service:
          pipelines:
            traces: {receivers: [otlp], processors: [everything], exporters: [debug]}
        """;
  }

  static All bound(String body) {
    return (All)
        new World()
            .loadText(around(body))
            .plan()
            .pipelines()
            .getFirst()
            .processors()
            .getFirst()
            .config();
  }

  @Test
  void bindsEveryKindOfKey() {
    var all =
        bound(
            """
            text: x
            secret: s3cret
            small: 1_000
            big: 0x10
            ratio: 2
            flag: true
            pause: 1m30s
            any: {a: [1, true, null]}
            color: x-green
            loud: DARK_BLUE
            extension: file_storage/a
            inner: {number: 2}
            maybe:
            switched: {enabled: false, amount: 1}
            count: 3
            words: a,b
            numbers: [1, 2e0]
            inners: [{number: 7}, ]
            labels: {l: m}
            headers: [{name: h, value: i}]
            nested: {a: {b: 4}}
            shared: sh
            other: o
            modern: mm
            """);

    assertThat(all.text()).isEqualTo("x");
    assertThat(all.secret()).isEqualTo(new Secret("s3cret"));
    assertThat(all.small()).isEqualTo(1000);
    assertThat(all.big()).isEqualTo(16);
    assertThat(all.ratio()).isEqualTo(2.0);
    assertThat(all.flag()).isTrue();
    assertThat(all.pause()).isEqualTo(Duration.ofSeconds(90));
    assertThat(all.any().orElseThrow()).hasToString("{a=[1, true, null]}");
    assertThat(all.color()).isEqualTo(Color.GREEN);
    assertThat(all.loud()).isEqualTo(Color.DARK_BLUE);
    assertThat(all.extension()).contains(ComponentId.parse("file_storage/a"));
    assertThat(all.inner()).isEqualTo(new Inner(2));
    assertThat(all.maybe()).contains(new Inner(1));
    assertThat(all.switched()).contains(new Switched(false, 1));
    assertThat(all.count()).contains(3);
    assertThat(all.words()).containsExactly("a", "b");
    assertThat(all.numbers()).containsExactly(1, 2);
    assertThat(all.inners()).containsExactly(new Inner(7));
    assertThat(all.labels()).isEqualTo(Map.of("k", "v", "l", "m"));
    assertThat(all.headers()).isEqualTo(Map.of("h", new Secret("i")));
    assertThat(all.nested()).isEqualTo(Map.of("a", Map.of("b", 4L)));
    assertThat(all.shared().shared()).isEqualTo("sh");
    assertThat(all.named()).isEqualTo("o");
    assertThat(all.modern()).isEqualTo("mm");
  }

  @Test
  void keepsTheDefaultsOfWhatIsNotWritten() {
    assertThat(bound("text: t")).isEqualTo(new Fakes.Everything().defaults());
    assertThat(bound("words: []").words()).isEmpty();
    assertThat(bound("words:").words()).containsExactly("w");
    assertThat(bound("labels: {}").labels()).isEqualTo(Map.of("k", "v"));
    assertThat(bound("inner:").inner()).isEqualTo(new Inner(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          maybe:                        | true
          maybe: {}                     | true
          maybe: {number: 5}            | true
          maybe: {enabled: true}        | true
          maybe: {enabled: false}       | false
          text: t                       | false
          """)
  void turnsAnOptionalSectionOnByItsPresence(String body, boolean on) {
    assertThat(bound(body).maybe().isPresent()).isEqualTo(on);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          text: 5                | 4:11: text: 5 (expected: a text; put it in quotes)
          text: [a]              | 4:11: text: a list (expected: a text)
          text: true             | 4:11: text: true (expected: a text; put it in quotes)
          secret: 5              | 4:13: secret: a value of another type (expected: a text; put it in quotes)
          small: '5'             | 4:12: small: '5' (expected: an integer)
          small: 1.5             | 4:12: small: 1.5 (expected: an integer)
          small: 3000000000      | 4:12: small: 3000000000 (expected: -2147483648 to 2147483647)
          small: yes             | 4:12: small: 'yes' (expected: an integer)
          big: 1e30              | 4:10: big: 1.0E30 (expected: an integer)
          ratio: x               | 4:12: ratio: 'x' (expected: a number)
          flag: 'true'           | 4:11: flag: 'true' (expected: true or false)
          flag: on               | 4:11: flag: 'on' (expected: true or false)
          flag: 1                | 4:11: flag: 1 (expected: true or false)
          pause: 5 s             | 4:12: pause: '5 s' (expected: a duration such as 300ms, 5s, 1.5h or 2m30s)
          pause: 5d              | 4:12: pause: '5d' (expected: a duration such as 300ms, 5s, 1.5h or 2m30s)
          color: Red             | 4:12: color: 'Red' (did you mean 'red'?)
          color:                 | 4:11: color: nothing (expected: one of red, dark_blue, x-green)
          extension: a/          | 4:16: extension: 'a/' is no component id (expected: a name without spaces or symbols after /)
          inner: 5               | 4:12: inner: 5 (expected: a mapping)
          inner: {nunber: 5}     | 4:13: inner::nunber: unknown key (did you mean 'number'?)
          maybe: {nothing: 5}    | 4:13: maybe::nothing: unknown key (expected: enabled, number)
          numbers: 5             | 4:14: numbers: 5 (expected: a list)
          numbers: 1,2           | 4:14: numbers: '1,2' (expected: a list)
          numbers: [1, x]        | 4:18: numbers::1: 'x' (expected: an integer)
          inners: [{x: 1}]       | 4:15: inners::0::x: unknown key (expected: number)
          labels: [a]            | 4:14: labels: 'a' (expected: name and value)
          labels: {a: 1}         | 4:17: labels::a: 1 (expected: a text; put it in quotes)
          nested: {a: {b: c}}    | 4:21: nested::a::b: 'c' (expected: an integer)
          maybe: {enabled: false, x: 1}       | 4:29: maybe::x: unknown key (expected: enabled, number)
          maybe: {enabled: false, number: x}  | 4:37: maybe::number: 'x' (expected: an integer)
          maybe: {enabled: x}    | 4:22: maybe::enabled: 'x' (expected: true or false)
          maybe: {enabled: }     | 4:21: maybe::enabled: nothing (expected: true or false)
          headers: [{name: a, x: b}] | 4:15: headers: a mapping (expected: name and value)
          color: ${env:U}        | 4:12: color: nothing (expected: one of red, dark_blue, x-green)
          headers: [s3cret]      | 4:15: headers: an item (expected: name and value)
          headers: s3cret        | 4:14: headers: a value of another type (expected: a mapping)
          Text: x                | 4:5: Text: unknown key (did you mean 'text'?)
          {ancient: a, modern: b} | 4:6: ancient: beside its new name 'modern'
          """)
  void saysWhatIsWrongAndWhere(String body, String expected) {
    int colon = expected.indexOf(": ");
    var line = "gateway.yaml:" + expected.substring(0, colon) + ": processors::everything::";

    assertThat(new World().problems(around(body)))
        .containsExactly(line + expected.substring(colon + 2));
  }

  @Test
  void reportsAllMistakesAtOnceInTheOrderOfTheFile() {
    assertThat(new World().problems(around("text: 1\nsmall: x\nflag: 3\nnone: 4\n")))
        .extracting(line -> line.substring(0, line.indexOf(": ")))
        .containsExactly(
            "gateway.yaml:4:11", "gateway.yaml:5:12", "gateway.yaml:6:11", "gateway.yaml:7:5");
  }

  @Test
  void placesFindingsOfARecordAtTheKeyItself() {
    var yaml =
        ConfigLoaderTest.WHOLE
            .replace("timeout: 5s", "send_batch_max_size: 5")
            .replace(
                "endpoint: far:4317",
                "timeout: 1s\n    sending_queue:\n      batch: {min_size: 5000}");

    assertThat(new World().problems(yaml))
        .containsExactly(
            "gateway.yaml:8:26: processors::batch::send_batch_max_size: 5 (expected: 0, or at least"
                + " send_batch_size, 8192)",
            "gateway.yaml:11:5: exporters::otlp_grpc/far::endpoint: nothing (expected: host:port)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ancient: x   | 4:5: ancient: the key is now called 'modern'
          useless: 1   | 4:5: useless: the key has no effect: there is none here
          small:       | 4:5: small: no value; it counts as 0 (expected: a value, or no key for the default)
          pause: 5.0   | 4:12: pause: 5 without a unit counts nanoseconds (expected: a duration such as 300ms, 5s, 1.5h or 2m30s)
          pause: 5     | 4:12: pause: 5 without a unit counts nanoseconds (expected: a duration such as 300ms, 5s, 1.5h or 2m30s)
          """)
  void warnsOfWhatIsLegalButOdd(String body, String expected) {
    int colon = expected.indexOf(": ");

    assertThat(new World().warnings(around(body)))
        .contains(
            "gateway.yaml:"
                + expected.substring(0, colon)
                + ": processors::everything::"
                + expected.substring(colon + 2));
  }

  @Test
  void saysDurationsAsTheyAreWrittenAndWhichValueIsADefault() {
    assertThat(GoDuration.inText("PT0S (expected: at most max_elapsed_time, PT5M)"))
        .isEqualTo("0s (expected: at most max_elapsed_time, 5m0s)");
    assertThat(GoDuration.inText("PT and PTX, -PT1.5S")).isEqualTo("PT and PTX, -1.5s");
    assertThat(
            new World()
                .problems(
                    ConfigLoaderTest.WHOLE.replace(
                        "far:4317", "far:4317\n    retry_on_failure: {max_elapsed_time: 1s}")))
        .anySatisfy(line ->
            assertThat(line)
                .endsWith(
                    "retry_on_failure::initial_interval: 5s, the default (expected: at most"
                        + " max_elapsed_time, 1s)"));
  }

  @Test
  void leavesTheRulesOfASectionThatIsOffAlone() {
    var yaml =
        ConfigLoaderTest.WHOLE.replace(
            "far:4317", "far:4317\n    sending_queue: {enabled: false, queue_size: 0}");

    assertThat(new World().loadText(yaml).plan().pipelines()).hasSize(1);
    assertThat(new World().problems(yaml.replace("enabled: false, ", "")))
        .containsExactly(
            "gateway.yaml:12:33: exporters::otlp_grpc/far::sending_queue::queue_size: 0 (expected:"
                + " more than 0)");
  }

  @Test
  void tellsAnEmptySectionFromNoneWhereTheRecordAsks() {
    var yaml = ConfigLoaderTest.WHOLE.replace("grpc:\n", "grpc:\n        tls:\n");

    assertThat(new World().loadText(yaml).plan().pipelines()).hasSize(1);
    assertThat(new World().problems(yaml.replace("tls:", "tls: {}")))
        .containsExactly(
            "gateway.yaml:5:14: receivers::otlp::protocols::grpc::tls::cert_file: nothing (expected:"
                + " a file)");
  }
}
