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
  private final Admission admission = new Admission(budget, loop);
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

  @Test
  void oneMessageMayBeLargerThanAllThatMayArrive() {
    reserve(4 * MIB);
    reserve(4 * MIB);
    var first = admission.enlarge(given.get(0), 8 * MIB);
    assertThat(first).isNotNull();
    assertThat(admission.enlarge(given.get(1), 8 * MIB)).isNull();
    Objects.requireNonNull(first).close();
    var second = admission.enlarge(given.get(1), 8 * MIB);
    assertThat(second).isNotNull();
    Objects.requireNonNull(second).close();
    assertThat(budget.bytes()).isZero();
    assertThat(budget.arriving().bytes()).isZero();
  }
}
