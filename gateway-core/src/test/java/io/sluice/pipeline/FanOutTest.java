package io.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.testkit.Payloads;
import io.sluice.testkit.Recorder;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FanOutTest {
  private static final Batch BATCH = Payloads.spans("a", 3);

  @ParameterizedTest
  @CsvSource({
    "accepted, accepted, accepted",
    "accepted, partial, partial",
    "partial, rejected, rejected",
    "rejected, refused, refused",
    "refused, accepted, refused"
  })
  void answersWithTheWorstOutcome(String one, String other, String expected) {
    var left = new Recorder().answer(outcome(one));
    var right = new Recorder().answer(outcome(other));

    var answer = new FanOut(List.of(left, right)).accept(BATCH);

    assertThat(answer.result()).isEqualTo(outcome(expected));
    assertThat(left.batches).containsExactly(BATCH);
    assertThat(right.batches).containsExactly(BATCH);
  }

  @Test
  void givesNoBranchTheBatchIfOneHasNoRoom() {
    var roomy = new Room(true);
    var full = new Room(false);
    var plain = new Recorder();

    var answer = new FanOut(List.of(plain, roomy, full)).accept(BATCH);

    assertThat(answer.result()).isEqualTo(Outcome.refused("full"));
    assertThat(plain.batches).isEmpty();
    assertThat(roomy.held).isZero();
    assertThat(roomy.taken).isZero();
  }

  private static Outcome outcome(String name) {
    return switch (name) {
      case "accepted" -> new Outcome.Accepted();
      case "partial" -> new Outcome.Partial(1, "one");
      case "rejected" -> Outcome.rejected("bad");
      default -> new Outcome.Refused(Outcome.Pressure.UNAVAILABLE, Duration.ofSeconds(1), "down");
    };
  }

  private static final class Room implements ReservingSink {
    private final boolean free;
    int held;
    int taken;

    Room(boolean free) {
      this.free = free;
    }

    @Override
    public @Nullable Outcome reserve(Batch batch) {
      if (free) {
        held++;
      }
      return free ? null : Outcome.refused("full");
    }

    @Override
    public void release(Batch batch) {
      held--;
    }

    @Override
    public Future<Outcome> acceptReserved(Batch batch) {
      taken++;
      return Outcome.accepted();
    }

    @Override
    public Future<Outcome> accept(Batch batch) {
      throw new AssertionError("a fan-out reserves first");
    }
  }
}
