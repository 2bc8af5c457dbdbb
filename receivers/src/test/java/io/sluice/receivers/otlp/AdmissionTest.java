package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Loop;
import io.sluice.data.Lease;
import io.sluice.service.ByteBudget;
import io.sluice.service.Limits;
import io.sluice.testkit.TestLoop;
import io.sluice.wire.ArrayPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final int MIB = 1 << 20;

  private final Limits limits = Limits.of(256 * MIB, Map.of(Limits.DIRECT, 64L * MIB));
  private final ByteBudget budget = ByteBudget.of(limits, ArrayPool.none());
  private final TestLoop loop = new TestLoop(Loop.Family.GRPC);
  private boolean scarce;
  private final Admission admission = new Admission(budget, loop, () -> scarce);
  private final List<Lease> given = new ArrayList<>();

  private void reserve(long bytes) {
    admission.reserve(bytes, lease -> given.add(Objects.requireNonNull(lease)));
  }

  /// Whatever room there is on the heap: half of a message is in the transport's memory.
  @Test
  void messagesInPartsFitIntoDirectMemory() {
    assertThat(limits.arrivingBytes()).isEqualTo(8 * MIB);
    for (int i = 0; i < 20; i++) {
      reserve(MIB);
    }
    assertThat(given).hasSize(8);
    var whole = admission.settle(given.removeFirst(), MIB);
    loop.advance(Duration.ofMillis(20));
    assertThat(given).hasSize(8);
    assertThat(whole).isNotNull();
  }

  /// Else those that wait would wait in vain as long as others come.
  @Test
  void whoCameFirstIsLetInFirst() {
    reserve(8 * MIB);
    var order = new ArrayList<Integer>();
    for (int i = 0; i < 3; i++) {
      int number = i;
      admission.reserve(
          (3L - i) * MIB,
          lease -> {
            given.add(Objects.requireNonNull(lease));
            order.add(number);
          });
    }
    given.removeFirst().close();
    admission.reserve(MIB, _ -> order.add(3));
    assertThat(order).isEmpty();
    loop.advance(Duration.ofMillis(10));
    assertThat(order).containsExactly(0, 1, 2, 3);
  }

  @Test
  void withoutRoomTheyAreToldSoInTime() {
    reserve(8 * MIB);
    var told = new ArrayList<Boolean>();
    var _ = admission.reserve(MIB, lease -> told.add(lease == null));
    var cancelled = admission.reserve(MIB, _ -> told.add(false));
    cancelled.cancel();
    loop.advance(Admission.WAIT_MAX);
    assertThat(told).containsExactly(true);
    assertThat(loop.timers()).isZero();
  }

  @Test
  void whoWaitsNoMoreTakesNoPlaceAmongThoseWhoWait() {
    reserve(8 * MIB);
    for (int i = 0; i < Admission.WAITING_MAX; i++) {
      admission.reserve(MIB, _ -> {}).cancel();
    }
    var told = new ArrayList<Boolean>();
    var wait = admission.reserve(MIB, lease -> told.add(lease != null));
    assertThat(told).as("it waits").isEmpty();
    wait.cancel();
    loop.advance(Admission.WAIT_MAX);
    assertThat(told).isEmpty();
    assertThat(loop.timers()).isZero();
  }

  /// A connection may have a thousand of them.
  @Test
  void silentCallsTakeNothingOfWhatMayArrive() {
    for (int i = 0; i < 8; i++) {
      reserve(MIB);
    }
    given.replaceAll(lease -> admission.shrink(lease, 0));
    assertThat(budget.arriving().bytes()).isZero();
    assertThat(budget.bytes()).isPositive().isLessThan(MIB / 8);
    given.set(0, admission.shrink(given.getFirst(), 1000));
    assertThat(budget.arriving().bytes()).isEqualTo(2000);
    given.forEach(Lease::close);
    assertThat(budget.bytes()).isZero();
    assertThat(budget.arriving().bytes()).isZero();
  }

  @Test
  void oneMessageMayBeLargerThanAllThatMayArrive() {
    reserve(4 * MIB);
    reserve(4 * MIB);
    var first = admission.enlarge(given.get(0), 8 * MIB, 12 * MIB);
    assertThat(first).isNotNull();
    assertThat(admission.enlarge(given.get(1), 8 * MIB, 12 * MIB)).isNull();
    Objects.requireNonNull(first).close();
    var second = admission.enlarge(given.get(1), 8 * MIB, 12 * MIB);
    assertThat(second).isNotNull();
    Objects.requireNonNull(second).close();
    assertThat(budget.bytes()).isZero();
    assertThat(budget.arriving().bytes()).isZero();
  }

  /// A burst of large first messages: none of them comes through if all are let in.
  @Test
  void whatGrowsIsExpectedOfTheOthersToo() {
    long first = admission.expectedBytes();
    reserve(first);
    given.add(Objects.requireNonNull(admission.enlarge(given.removeFirst(), MIB - first, MIB)));
    assertThat(admission.expectedBytes()).isEqualTo(MIB);
    for (int i = 0; i < 20; i++) {
      reserve(admission.expectedBytes());
    }
    assertThat(given).hasSize(8);
    given.add(Objects.requireNonNull(admission.enlarge(given.removeFirst(), 7 * MIB, 8 * MIB)));
    assertThat(admission.expectedBytes()).isEqualTo(2 * MIB);
  }

  /// What a call has sent already stands in the memory that is scarce.
  @Test
  void nobodyWaitsWhenTheTransportHasNoMemory() {
    reserve(8 * MIB);
    var told = new ArrayList<Boolean>();
    var _ = admission.reserve(MIB, lease -> told.add(lease == null));
    scarce = true;
    loop.advance(Duration.ofMillis(10));
    assertThat(told).containsExactly(true);
    given.removeFirst().close();
    var _ = admission.reserve(MIB, lease -> told.add(lease == null));
    assertThat(told).containsExactly(true, true);
    assertThat(loop.timers()).isZero();
  }
}
