package io.sluice.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Budget;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import io.sluice.service.ByteBudget;
import io.sluice.testkit.Recorder;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.vertx.core.Future;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InTransitTest {
  private static final Outcome ACCEPTED = new Outcome.Accepted();

  private final Budget all = new ByteBudget(100);
  private final Recorder one = new Recorder().hold();
  private final Recorder other = new Recorder().hold();
  private final InTransit toOne = new InTransit(all, one);
  private final InTransit toOther = new InTransit(all, other);
  private final ArrayList<Future<Outcome>> answers = new ArrayList<>();

  private void send(InTransit to, int bytes) {
    answers.add(to.accept(Batch.of(Signal.TRACES, Rope.of(Bytes.wrap(new byte[bytes])), 1)));
  }

  @AfterEach
  void allComeThroughAndNothingIsTaken() {
    while (!one.waiting.isEmpty() || !other.waiting.isEmpty()) {
      (one.waiting.isEmpty() ? other : one).waiting.removeFirst().complete(ACCEPTED);
    }
    assertThat(answers).allMatch(Future::succeeded);
    assertThat(all.bytes()).isZero();
  }

  @Test
  void allDestinationsShareOneBound() {
    send(toOne, 60);
    send(toOther, 40);
    send(toOne, 1);
    send(toOther, 1);
    assertThat(one.batches).hasSize(1);
    assertThat(other.batches).hasSize(1);
  }

  /// The first destination hangs, and what it was sent fills the bound.
  @Test
  void oneBatchIsSentWhateverTheOthersDo() {
    send(toOne, 100);
    send(toOther, 50);
    send(toOther, 50);
    assertThat(other.batches).hasSize(1);
    other.waiting.removeFirst().complete(ACCEPTED);
    assertThat(other.batches).hasSize(2);
  }

  @Test
  void thoseThatWaitGoInTheirOrder() {
    send(toOne, 90);
    send(toOne, 50);
    send(toOne, 5);
    assertThat(one.batches).hasSize(1);
    one.waiting.removeFirst().complete(ACCEPTED);
    assertThat(one.batches).extracting(Batch::sizeInBytes).containsExactly(90, 50, 5);
  }
}
