package io.sluice.exporters.elasticsearch.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;
import org.junit.jupiter.api.Test;

class AttributeListTest {
  private static void attribute(WireWriter message, int key) {
    var pair = new WireWriter().bytes(1, Bytes.wrap(new byte[] {(byte) key}));
    message.bytes(6, pair.bytes(2, new WireWriter().varint(3, 1).toBytes()).toBytes());
  }

  @Test
  void keysThatAreWrittenAlikeAreOne() {
    var message = new WireWriter();
    attribute(message, 0xFF);
    attribute(message, 0xFE);
    attribute(message, 'a');
    var attributes = new AttributeList().over(message.toBytes(), 6);
    assertThat(attributes.size()).isEqualTo(2);
    assertThat(attributes.key(0).utf8()).isEqualTo("\uFFFD");
  }
}
