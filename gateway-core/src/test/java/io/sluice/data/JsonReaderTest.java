package io.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.wire.ArrayPool;
import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// [JsonReader] against [TokenReader]: the same bytes, or the same complaint at the same place.
final class JsonReaderTest {
  private static final int CASES = 5000;
  private static final ArrayPool NOT_KEPT = ArrayPool.none();

  @ParameterizedTest
  @EnumSource
  void readsWhatTheOracleReads(Signal signal) {
    int accepted = 0;
    for (int seed = 0; seed < CASES; seed++) {
      accepted += same(Schema.request(signal), damaged(signal, seed)) ? 1 : 0;
    }
    assertThat(accepted).isBetween(CASES / 10, CASES - CASES / 10);
  }

  /// Values of every kind for every kind of field.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-1",
        "1",
        "12345678",
        "123456789012345",
        "1234567890123456789",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "9999999999999999999",
        "18446744073709551615",
        "18446744073709551616",
        "00",
        "01",
        "-01",
        "-",
        "1.",
        ".5",
        "+1",
        "1e",
        "1e+",
        "1E5",
        "1e-5",
        "0.1",
        "-0.0",
        "1.5",
        "0.30000000000000004",
        "123456.789",
        "1e400",
        "1e-400",
        "4.9e-324",
        "1797693134862315.7e293",
        "123456789012345.6",
        "99999999999999.99",
        "0x10",
        "1_0",
        "true",
        "false",
        "null",
        "nul",
        "nullx",
        "truefalse",
        "\"\"",
        "\"0\"",
        "\"007\"",
        "\"+5\"",
        "\"-5\"",
        "\"1.5\"",
        "\"1e3\"",
        "\".5\"",
        "\"1.\"",
        "\" 1\"",
        "\"\\u0031\"",
        "\"NaN\"",
        "\"-inf\"",
        "\"INFINITY\"",
        "\"\u0661\"",
        "\"1234567\u0661\"",
        "\"SPAN_KIND_CLIENT\"",
        "\"SPAN_KIND\\u005fCLIENT\"",
        "\"5b8efff798038103d269b633813fc60C\"",
        "\"5b8efff798038103d269b633813fc60g\"",
        "\"5b8efff79803810\\u0033\"",
        "\"eee19b7ec3c1b174\"",
        "\"eee19b7ec3c1b17\u00e9\"",
        "\"AQI=\"",
        "\"AQ\\u0049=\"",
        "\"AQI\"",
        "\"A===\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\ud83dx\\ude00\"",
        "\"\\ud83d\\ud83d\\ude00\"",
        "\"\\ude00\\ud83d\"",
        "\"\\u00e9\\u20ac\\/\\b\\f\\n\\r\\t\\\"\\\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\\"",
        "\"tab\there\"",
        "\"seven77\\n\"",
        "\"eight888\"",
        "\"nine99999\"",
        "{}",
        "{\"values\":[]}",
        "[]",
        "[null]",
        "[1,]",
        "[1 2]",
        "[,1]",
        "[\"1\",2]",
        "{,}",
        "{\"a\"}",
        "{\"a\":1,}",
        "{\"a\" : [ { } ] }",
        "{1:2}",
        "'x'",
        "/**/1",
        "",
        "}",
        "]",
        ":",
        ",",
      })
  void takesTheSameValues(String value) {
    for (var type : Schema.MESSAGES.values()) {
      for (var field : type.byNumber.values()) {
        same(type, Bytes.utf8("{\n \"" + field.jsonName() + "\" : " + value + "\r\n}"));
      }
      same(type, Bytes.utf8("[{\"unknown\":" + value + "}"));
      same(type, Bytes.utf8("{\"unknown\":" + value + "}"));
      same(type, Bytes.utf8(value + " x"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "n\\u0061me",
        "Name",
        "nam",
        "names",
        "na\\nme",
        "",
        "n\u00e4me",
        "na\tme"
      })
  void findsFieldsByTheirNames(String name) {
    same(Schema.of("Span"), Bytes.utf8("{\"" + name + "\":\"x\"}"));
  }

  @Test
  void findsEveryFieldInBothSpellings() {
    for (var type : Schema.MESSAGES.values()) {
      for (var field : type.byNumber.values()) {
        for (var name : List.of(field.jsonName(), field.snakeName())) {
          byte[] padded = ("\"" + name + "\":").getBytes(StandardCharsets.US_ASCII);
          var text = Bytes.wrap(padded);
          var found = Objects.requireNonNull(new JsonText(text).name(type.names, null));
          assertThat(found.field()).isSameAs(field);
          assertThat(new JsonText(text).name(type.names, found)).isSameAs(found);
        }
      }
    }
  }

  /// A string may begin and end anywhere in the eight bytes that are looked at at once.
  @Test
  void readsStringsOfEveryLengthAtEveryPlace() {
    for (int before = 0; before < 16; before++) {
      for (int length = 0; length < 40; length++) {
        for (var odd : List.of("", "\\n", "\u00fc", "\u0001", "\\ud83d\\ude00", "\u007f")) {
          for (int at = 0; at <= length; at += 3) {
            var text = "x".repeat(at) + odd + "y".repeat(length - at);
            same(Schema.of("Span"), Bytes.utf8(" ".repeat(before) + "{\"name\":\"" + text + "\"}"));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 126, 127, 128, 16383, 16384, 70_000})
  void nestsMessagesOfAnyLength(int length) {
    var value = "{\"key\":\"k\",\"value\":{\"stringValue\":\"" + "v".repeat(length) + "\"}}";
    var json = "{\"attributes\":[" + value + ",{\"key\":\"\"}," + value + "]}";
    assertThat(same(Schema.of("Span"), Bytes.utf8(json))).isTrue();
  }

  /// Attributes as they mostly are, and nearly so.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'stringValue':'text'}",
        "{'stringValue':''}",
        "{'stringValue':'a\\n'}",
        "{'stringValue':'\u00fc'}",
        "{'stringValue':'text'},'keyStrindex':3",
        "{'stringValue' :'text'}",
        "{'stringValue':'text'",
        "{'stringValue':'text','intValue':'1'}",
        "{'stringValue':null}",
        "{'stringValue':1}",
        "{'intValue':'0'}",
        "{'intValue':0}",
        "{'intValue':-1}",
        "{'intValue':'-1'}",
        "{'intValue':'-0'}",
        "{'intValue':'007'}",
        "{'intValue':007}",
        "{'intValue':''}",
        "{'intValue':'-'}",
        "{'intValue':-}",
        "{'intValue':1.0}",
        "{'intValue':1e3}",
        "{'intValue':'1}",
        "{'intValue':1'}",
        "{'intValue': 1}",
        "{'intValue':'123456789012345678'}",
        "{'intValue':1234567890123456789}",
        "{'intValue':'9223372036854775808'}",
        "{'intValue':'+1'}",
        "{'intValue':true}",
        "{'doubleValue':1}",
        "{'boolValue':true}",
        "{'bytesValue':'AQI='}",
        "{}",
        "null",
        "{'arrayValue':{'values':[{'intValue':1}]}}",
        "{'kvlistValue':{'values':[{'key':'k'}]}}",
      })
  void readsAttributes(String value) {
    for (var key : List.of("key", "", "k\\u0065y", "\u00e9", "k".repeat(100), "k".repeat(127))) {
      for (var room : List.of("", " ".repeat(100))) {
        var attribute = ("{'key':'" + key + "','value':" + value + "}").replace('\'', '"');
        var json = "{\"attributes\":[" + attribute + "," + attribute + "]" + room + "}";
        same(Schema.of("Span"), Bytes.utf8(json));
        same(Schema.of("Span"), Bytes.utf8(json.replace("]", "")));
      }
    }
  }

  @Test
  void readsAttributesOfEveryLength() {
    for (int length = 0; length < 140; length++) {
      for (int key = 0; key < 130; key += 13) {
        var json =
            "{\"attributes\":[{\"key\":\"%s\",\"value\":{\"stringValue\":\"%s\"}}],\"name\":\"%s\"}"
                .formatted("k".repeat(key), "v".repeat(length), "n".repeat(80));
        assertThat(same(Schema.of("Span"), Bytes.utf8(json))).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {318, 319, 320, 321, 1000})
  void boundsNesting(int levels) {
    same(Schema.of("Span"), Bytes.utf8("{\"x\":" + "[".repeat(levels) + "]".repeat(levels) + "}"));
    same(Schema.of("Span"), Bytes.utf8("{\"x\":".repeat(levels) + "1" + "}".repeat(levels)));
  }

  @Test
  void boundsNumbersAndNames() {
    refused(
        "{\"x\":" + "1".repeat(JsonText.NUMBER_CHARS_MAX + 1) + "}", "JSON beyond limits: Number");
    refused("{\"" + "x".repeat(JsonText.NAME_CHARS_MAX + 1) + "\":1}", "JSON beyond limits: Name");
  }

  @Test
  void readsNoFurtherThanItsWindow() {
    var json = Bytes.utf8("##{\"name\":\"abc\"}\"}##");
    for (int to = 2; to < 16; to++) {
      same(Schema.of("Span"), json.slice(2, to));
    }
    assertThat(same(Schema.of("Span"), json.slice(2, 16))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"name" 1}  | not JSON at line 1, column 9
          {"name":    | not JSON at line 1, column 9
          {"kind":01} | not JSON at line 1, column 10
          {"kind":1]  | not JSON at line 1, column 10
          """)
  void saysWhereTextIsNoJson(String json, String said) {
    refused(json, said);
  }

  private static void refused(String json, String said) {
    assertThatThrownBy(() -> new JsonReader(Bytes.utf8(json), NOT_KEPT).request(Schema.of("Span")))
        .isInstanceOf(MalformedWireException.class)
        .hasMessageStartingWith(said);
  }

  /// True if it was accepted.
  private static boolean same(Schema.Message type, Bytes json) {
    var read = outcome(json, () -> new JsonReader(json, NOT_KEPT).request(type));
    assertThat(read)
        .as(() -> type + ": " + json.utf8())
        .isEqualTo(outcome(json, () -> TokenReader.decode(type, json)));
    return read instanceof Bytes;
  }

  /// The wire form, or what was said. Where text is no JSON, each has its own idea of the place; where
  /// it is not UTF-8, the oracle counts the columns of the repaired text; and behind a number that is all
  /// there is, only the oracle reads on.
  private static Object outcome(Bytes json, Supplier<Bytes> reader) {
    try {
      return Bytes.wrap(reader.get().toArray());
    } catch (MalformedWireException e) {
      var said = String.valueOf(e.getMessage()).replaceAll("^not JSON.*", "not JSON");
      if (!Utf8.valid(json.toArray(), 0, json.length())) {
        said = said.replaceAll(" at line.*", "");
      }
      return json.utf8().strip().matches("(?s)[-0-9].*") ? "refused" : said;
    }
  }

  private static Bytes damaged(Signal signal, long seed) {
    var random = new SplittableRandom(seed);
    var json = text(signal, seed % 20);
    for (int i = random.nextInt(3); i > 0; i--) {
      json = new TextMutation(random, text(signal, random.nextInt(20))).apply(json);
    }
    return Bytes.wrap(json);
  }

  private static byte[] text(Signal signal, long seed) {
    var request = new RandomMessages(seed, true).request(signal);
    return OtlpJsonTest.encode(signal, request).getBytes(StandardCharsets.UTF_8);
  }
}
