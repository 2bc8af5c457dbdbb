package io.sluice.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.QueueConfig.Sizer;
import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.pipeline.Outcome;
import io.sluice.service.ByteBudget;
import io.sluice.testkit.Payloads;
import io.sluice.testkit.Recorder;
import io.sluice.testkit.TestLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatcherTest {
  private final TestLoop loop = new TestLoop();
  private final Recorder next = new Recorder();
  private final List<Batcher.Trigger> triggers = new ArrayList<>();
  private final List<Outcome> answers = new ArrayList<>();

  private Batcher batcher(long min, long max, int timeoutMs) {
    return new Batcher(
        new Batcher.Limits(Sizer.ITEMS, min, max, Duration.ofMillis(timeoutMs)),
        loop,
        next::accept,
        triggers::add);
  }

  private List<Integer> sizes() {
    return next.batches.stream().map(Batch::items).toList();
  }

  @Test
  void sendsWhenThereIsEnough() {
    var batcher = batcher(10, 0, 200);
    batcher.add(Payloads.spans("a", 6), answers::add);
    assertThat(next.batches).isEmpty();
    batcher.add(Payloads.spans("b", 6), answers::add);

    assertThat(sizes()).containsExactly(12);
    assertThat(triggers).containsExactly(Batcher.Trigger.SIZE);
    assertThat(answers).hasSize(2);
    assertThat(loop.timers()).isZero();
  }

  @Test
  void sendsWhatThereIsWhenTimeIsUpCountedFromTheFirstItem() {
    var batcher = batcher(100, 0, 200);
    batcher.add(Payloads.spans("a", 1), answers::add);
    loop.advance(Duration.ofMillis(150));
    batcher.add(Payloads.spans("b", 1), answers::add);
    loop.advance(Duration.ofMillis(49));
    assertThat(next.batches).isEmpty();
    loop.advance(Duration.ofMillis(1));

    assertThat(sizes()).containsExactly(2);
    assertThat(triggers).containsExactly(Batcher.Trigger.TIMEOUT);
  }

  @Test
  void splitsWhatIsTooLargeAndKeepsTheRestOpen() {
    var batcher = batcher(10, 10, 200);
    batcher.add(Payloads.spans("a", 25), answers::add);

    assertThat(sizes()).containsExactly(10, 10);
    assertThat(answers).as("answered for once all items are").isEmpty();
    loop.advance(Duration.ofMillis(200));
    assertThat(sizes()).containsExactly(10, 10, 5);
    assertThat(answers).hasSize(1);
  }

  @Test
  void aZeroTimeoutSendsAtOnce() {
    batcher(8192, 0, 0).add(Payloads.spans("a", 1), answers::add);

    assertThat(sizes()).containsExactly(1);
    assertThat(loop.timers()).isZero();
  }

  @Test
  void tellsEachOfTheWorstThatBefellItsItems() {
    var batcher = batcher(4, 4, 200);
    next.hold();
    batcher.add(Payloads.spans("a", 6), answers::add);
    batcher.add(Payloads.spans("b", 2), answers::add);
    assertThat(sizes()).containsExactly(4, 4);

    next.waiting.get(0).complete(new Outcome.Accepted());
    assertThat(answers).isEmpty();
    next.waiting.get(1).complete(Outcome.refused("down"));

    assertThat(answers).containsExactly(Outcome.refused("down"), Outcome.refused("down"));
  }

  /// Pieces stand on the leases of those whose items are in them, for as long as those are not settled;
  /// a queue behind the batcher takes shares of its own from them.
  @Test
  void theRestOfASplitBatchStaysCharged() {
    var budget = new ByteBudget(1000);
    var held = new ArrayList<Lease>();
    var batcher =
        new Batcher(
            new Batcher.Limits(Sizer.ITEMS, 100, 100, Duration.ofMillis(200)),
            loop,
            piece -> {
              held.add(piece.lease().share());
              return next.accept(piece);
            },
            triggers::add);
    for (int i = 0; i < 5; i++) {
      var lease = Objects.requireNonNull(budget.take(100));
      batcher.add(Payloads.spans("a", 60).with(lease), answers::add);
      lease.close();
    }
    assertThat(sizes()).containsExactly(100, 100, 100);
    assertThat(answers).hasSize(5);
    assertThat(budget.bytes()).as("what is behind the batcher still holds it").isEqualTo(500);
    held.forEach(Lease::close);
    held.clear();
    assertThat(budget.bytes()).isZero();

    var lease = Objects.requireNonNull(budget.take(100));
    batcher.add(Payloads.spans("b", 60).with(lease), answers::add);
    lease.close();
    assertThat(budget.bytes()).isEqualTo(100);
    batcher.flush();
    held.forEach(Lease::close);
    assertThat(budget.bytes()).isZero();
  }

  @Test
  void aPartialSuccessIsSharedOutAmongThoseItConcerns() {
    next.answer(new Outcome.Partial(5, "too old"));
    var batcher = batcher(8, 0, 200);
    batcher.add(Payloads.spans("a", 4), answers::add);
    batcher.add(Payloads.spans("b", 4), answers::add);

    assertThat(answers)
        .containsExactly(new Outcome.Partial(4, "too old"), new Outcome.Partial(1, "too old"));
  }

  /// A sink that answers at once may lead to the next add before the pieces of this one are all out.
  @Test
  void mayBeAddedToWhileItSends() {
    var more = new ArrayDeque<>(List.of(Payloads.spans("b", 3), Payloads.spans("c", 3)));
    var batcher = new Batcher[1];
    batcher[0] =
        new Batcher(
            new Batcher.Limits(Sizer.ITEMS, 4, 4, Duration.ofMillis(200)),
            loop,
            piece -> {
              var answer = next.accept(piece);
              if (!more.isEmpty()) {
                batcher[0].add(more.remove(), answers::add);
              }
              return answer;
            },
            triggers::add);
    batcher[0].add(Payloads.spans("a", 10), answers::add);
    batcher[0].flush();

    assertThat(next.items()).isEqualTo(16);
    assertThat(Payloads.spanNames(next.batches)).doesNotHaveDuplicates();
    assertThat(answers).hasSize(3);
    assertThat(batcher[0].size()).isZero();
  }

  /// Whatever the sizes: no item is lost, repeated or moved, and everyone hears exactly once.
  @Test
  void losesAndRepeatsNothing() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      next.batches.clear();
      answers.clear();
      int min = 1 + random.nextInt(20);
      int max = random.nextBoolean() ? 0 : min + random.nextInt(10);
      var batcher = batcher(min, max, 50);
      var expected = new ArrayList<Batch>();
      for (int i = 0; i < 20; i++) {
        var batch = Payloads.spans("r" + i, 1 + random.nextInt(30));
        expected.add(batch);
        batcher.add(batch, answers::add);
        if (random.nextInt(4) == 0) {
          loop.advance(Duration.ofMillis(random.nextInt(100)));
        }
      }
      batcher.flush();
      assertThat(Payloads.spanNames(next.batches))
          .as("seed %s", seed)
          .isEqualTo(Payloads.spanNames(expected));
      assertThat(answers).as("seed %s", seed).hasSize(20);
      if (max > 0) {
        assertThat(sizes()).as("seed %s", seed).allMatch(size -> size <= max);
      }
    }
  }
}
