package io.sluice.exporters.elasticsearch.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.data.AnyValue;
import io.sluice.wire.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private final Json json = new Json();

  private String text(byte[] bytes) {
    json.cut(0);
    json.text(Bytes.wrap(bytes));
    return json.view().utf8();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "plain", "\"\\\b\f\n\r\t\u0000\u001f", "é ß ☃ 😀 \uFFFF\u2028", "{[,"})
  void textComesBackAsItWas(String value) {
    var written = text(value.getBytes(StandardCharsets.UTF_8));
    assertThat(io.sluice.testkit.Json.parse(written)).isEqualTo(value);
  }

  /// Whatever comes, what is written is UTF-8 and JSON; what is UTF-8 comes back.
  @Test
  void anyBytesBecomeText() throws CharacterCodingException {
    int replaced = 0;
    for (int seed = 0; seed < 3000; seed++) {
      var random = new SplittableRandom(seed);
      var bytes = new byte[random.nextInt(12)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] =
            (byte) (random.nextInt(3) == 0 ? random.nextInt(128) : random.nextInt(0x80, 256));
      }
      var written = text(bytes);
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json.view().toArray()));
      var value = io.sluice.testkit.Json.text(io.sluice.testkit.Json.parse(written));
      try {
        var whole = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        assertThat(value).as("seed " + seed).isEqualTo(whole.toString());
      } catch (CharacterCodingException _) {
        assertThat(value).as("seed " + seed).contains("\uFFFD");
        replaced++;
      }
    }
    assertThat(replaced).isBetween(1000, 2999);
  }

  @Test
  void commasStandBetweenSiblingsOnly() {
    json.open().key("a").openList().openList();
    json.closeList().number(-1);
    json.unsigned(-1);
    json.decimal(1);
    json.decimal(Double.NaN);
    json.truth(true);
    json.closeList().key("b").open();
    json.close().key("c").hex(Bytes.wrap(new byte[] {0, (byte) 0xFF}));
    json.close();
    assertThat(json.view().utf8())
        .isEqualTo("{\"a\":[[],-1,18446744073709551615,1.0,null,true],\"b\":{},\"c\":\"00ff\"}");
  }

  @Test
  void whatIsNestedTooDeepHasNoDocument() {
    AnyValue value = new AnyValue.Int(1);
    for (int i = 0; i < Values.DEPTH_MAX; i++) {
      value = new AnyValue.Array(List.of(value));
    }
    new Values().write(json, value.encode());
    var deeper = new AnyValue.Array(List.of(value)).encode();
    assertThatThrownBy(() -> new Values().write(json, deeper)).isInstanceOf(Unwritable.class);
  }
}
