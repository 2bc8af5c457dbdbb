package io.sluice.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import io.sluice.testkit.Recorder;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import org.junit.jupiter.api.Test;

final class WorkersTest {
  private static final Outcome ACCEPTED = new Outcome.Accepted();

  private final Recorder sink = new Recorder().hold();
  private int freed;
  private final Workers workers = new Workers(3, sink, () -> freed++);

  private static Batch batch(int bytes) {
    return Batch.of(Signal.TRACES, Rope.of(Bytes.wrap(new byte[bytes])), 1);
  }

  @Test
  void soManyWorkAtTheSameTime() {
    for (int i = 0; i < 4; i++) {
      workers.accept(batch(1));
    }
    assertThat(sink.batches).hasSize(3);
    sink.waiting.getFirst().complete(ACCEPTED);
    assertThat(sink.batches).hasSize(4);
    assertThat(freed).isZero();
  }

  @Test
  void whatIsThrownIsTheAnswer() {
    var broken =
        new Workers(
            1,
            _ -> {
              throw new IllegalStateException("bug");
            },
            () -> freed++);
    assertThat(broken.accept(batch(1)).failed()).isTrue();
    assertThat(broken.busy()).isFalse();
    assertThat(freed).isEqualTo(1);
  }
}
