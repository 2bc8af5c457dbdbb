package io.sluice.extensions.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.service.ByteBudget;
import io.sluice.wire.Bytes;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class PageTest {
  private final ByteBudget budget = new ByteBudget(64 << 10);
  private final Page page = new Page(budget::take);

  @Test
  void whatItHoldsIsChargedAsItGrowsUntilItHasBeenSent() throws IOException {
    for (int i = 0; i < 20_000; i++) {
      page.write(i);
      assertThat(budget.bytes()).isGreaterThanOrEqualTo(2L * page.length());
    }
    assertThat(page.content().length()).isEqualTo(20_000);
    assertThat(page.content().at(300)).isEqualTo((byte) 300);
    page.lease().close();
    assertThat(budget.bytes()).isZero();
  }

  @Test
  void beyondTheRoomThereIsNothingMoreIsWritten() throws IOException {
    page.write(new byte[20 << 10]);
    int written = page.length();
    assertThatThrownBy(() -> page.write(new byte[20 << 10])).isInstanceOf(Page.FullException.class);
    page.cut(written);
    assertThat(page.content().length()).isEqualTo(20 << 10);
  }

  @Test
  void whatIsTakenBackIsWrittenOver() throws IOException {
    page.write(new byte[] {1, 2, 3});
    page.cut(1);
    page.write(4);
    assertThat(page.content()).isEqualTo(Bytes.wrap(new byte[] {1, 4}));
  }
}
