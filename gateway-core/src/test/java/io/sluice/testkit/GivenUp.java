package io.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pipeline.Outcome;
import java.util.Objects;

/// What becomes of a batch that was refused in part, if it does not come again.
public final class GivenUp {
  private GivenUp() {}

  public static Outcome of(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    var partly = ((Outcome.Refused) outcome).partly();
    assertThat(partly).as("nothing of it is taken").isNotNull();
    return Objects.requireNonNull(partly)
        .givenUp()
        .get()
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }
}
