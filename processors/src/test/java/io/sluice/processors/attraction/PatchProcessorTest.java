package io.sluice.processors.attraction;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Budget;
import io.sluice.component.ComponentContext;
import io.sluice.component.Kind;
import io.sluice.data.AnyValue;
import io.sluice.data.Batch;
import io.sluice.data.RecordPatch;
import io.sluice.pipeline.Outcome;
import io.sluice.service.ByteBudget;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.Payloads;
import io.sluice.testkit.Recorder;
import io.sluice.testkit.TestLoop;
import io.sluice.wire.ArrayPool;
import io.sluice.wire.Bytes;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PatchProcessorTest {
  private static final ComponentContext CONTEXT =
      Contexts.of(Kind.PROCESSOR, "attributes", new TestLoop());
  private static final Bytes KEY = Bytes.utf8("k");
  private static final Bytes VALUE = new AnyValue.Text("v").encode();
  private static final int ITEMS = 1000;
  private static final long RECEIVED_BYTES = 200_000;

  private final ArrayPool arrays = ArrayPool.poisoned(16 << 20);
  private final ByteBudget budget = new ByteBudget(16 << 20, arrays);
  private final Recorder next = new Recorder();

  private PatchProcessor processor(Budget budget) {
    RecordPatch patch = RecordPatch.ofRecords((table, _) -> table.put(KEY, VALUE));
    return new PatchProcessor(patch, Contexts.with(budget, CONTEXT), next);
  }

  private static Batch received(ByteBudget budget) {
    var lease = Objects.requireNonNull(budget.take(RECEIVED_BYTES));
    return Payloads.spans("s", ITEMS).with(lease);
  }

  /// Else the bytes would be held twice as long as the batch is on its way.
  @Test
  void whatWasReceivedIsFreeWhileTheEditedBatchIsOnItsWay() {
    next.hold();
    var batch = received(budget);
    processor(budget).accept(batch);
    batch.lease().close();

    long edited = budget.bytes();
    assertThat(edited).isBetween((long) next.batches.getFirst().sizeInBytes(), RECEIVED_BYTES - 1);
    next.batches.getFirst().lease().share().close();

    next.waiting.getFirst().complete(new Outcome.Accepted());
    assertThat(budget.bytes()).isZero();
    assertThat(arrays.bytes()).isEqualTo(edited);
  }

  @Test
  void whatIsAnsweredAtOnceIsFreeAtOnce() {
    var batch = received(budget);
    assertThat(processor(budget).accept(batch).result()).isEqualTo(new Outcome.Accepted());
    assertThat(budget.bytes()).isEqualTo(RECEIVED_BYTES);
    assertThat(arrays.bytes()).isPositive();
  }

  @Test
  void withoutRoomForTheEditedBatchTheSenderIsAskedToComeAgain() {
    var full = new ByteBudget(RECEIVED_BYTES, arrays);
    var batch = received(full);
    assertThat(processor(full).accept(batch).result()).isInstanceOf(Outcome.Refused.class);
    assertThat(next.batches).isEmpty();
    assertThat(full.bytes()).isEqualTo(RECEIVED_BYTES);
  }
}
