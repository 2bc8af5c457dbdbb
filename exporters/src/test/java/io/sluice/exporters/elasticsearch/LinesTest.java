package io.sluice.exporters.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class LinesTest {
  @Test
  void numbersAreComparedAsTheyAreWritten() {
    assertThat(Lines.literally("{\"b\":1,\"a\":[2]}"))
        .isEqualTo(Lines.literally("{ \"a\": [2], \"b\": 1 }"))
        .isNotEqualTo(Lines.literally("{\"b\":1,\"a\":[2.0]}"));
  }

  @Test
  void aKeyThatStandsTwiceIsSeen() {
    assertThatThrownBy(() -> Lines.literally("{\"a\":1,\"a\":1}"))
        .isInstanceOf(UncheckedIOException.class);
  }
}
