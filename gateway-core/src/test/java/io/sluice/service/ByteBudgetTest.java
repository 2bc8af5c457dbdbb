package io.sluice.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.data.Lease;
import io.sluice.wire.ArrayPool;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ByteBudgetTest {
  private final ArrayPool arrays = ArrayPool.of(1 << 20);
  private final ByteBudget budget = new ByteBudget(100, arrays);

  private Lease lease(long bytes) {
    return Objects.requireNonNull(budget.take(bytes));
  }

  @Test
  void noMoreIsGivenThanThereIs() {
    var lease = lease(60);
    assertThat(budget.take(41)).isNull();
    lease.close();
    assertThat(budget.take(100)).isNotNull();
  }

  @Test
  void bytesAndArrayReturnWithTheLastShare() {
    var lease = lease(60);
    var array = arrays.take(20_000);
    lease.owns(array);
    var share = lease.share();
    lease.close();
    assertThat(budget.bytes()).isEqualTo(60);
    assertThat(arrays.bytes()).isZero();
    share.close();
    assertThat(budget.bytes()).isZero();
    assertThat(arrays.take(20_000)).isSameAs(array);
  }

  @Test
  void anAbandonedLeaseReturnsItsBytesButNoArray() {
    var lease = lease(60);
    lease.owns(arrays.take(20_000));
    var joined = Lease.all(List.of(lease, lease(10)));
    joined.abandon();
    lease.close();
    assertThat(budget.bytes()).isEqualTo(10);
    assertThat(arrays.bytes()).isZero();
  }

  @Test
  void aShareGivenBackTwiceIsABug() {
    var lease = lease(1);
    lease.close();
    assertThatThrownBy(lease::close).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(lease::share).isInstanceOf(IllegalStateException.class);
  }
}
