package io.sluice.exporters.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.pipeline.Outcome;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkshopTest {
  private final List<String> closed = new ArrayList<>();
  private final List<String> used = new ArrayList<>();
  private int made;
  private final Workshop<String> workshop =
      new Workshop<>(1, () -> "tool" + ++made, tool -> !tool.equals("tool3"), closed::add);

  private Promise<Outcome> attempt() {
    Promise<Outcome> answer = Promise.promise();
    var _ =
        workshop.attempt(tool -> {
          used.add(tool);
          return answer.future();
        });
    return answer;
  }

  @Test
  void eachAttemptHasItsOwnAndAFewAreUsedAgain() {
    var one = attempt();
    var other = attempt();
    one.complete(new Outcome.Accepted());
    other.complete(new Outcome.Accepted());
    attempt();
    assertThat(used).containsExactly("tool1", "tool2", "tool1");
    assertThat(closed).as("one too many").containsExactly("tool2");
  }

  @Test
  void whatABugLeftOrHasGrownTooLargeIsNotUsedAgain() {
    attempt().fail(new IllegalStateException("bug"));
    attempt();
    attempt().complete(new Outcome.Accepted());
    attempt();
    assertThat(used).containsExactly("tool1", "tool2", "tool3", "tool4");
    assertThat(closed).containsExactly("tool1", "tool3");
  }

  @Test
  void whatABugLeftBeforeThereWasAnAnswerIsClosed() {
    var bug = new IllegalStateException("bug");
    assertThatThrownBy(() ->
            workshop.attempt(_ -> {
              throw bug;
            }))
        .isSameAs(bug);
    assertThat(closed).containsExactly("tool1");
    attempt();
    assertThat(used).containsExactly("tool2");
  }

  @Test
  void itIsClosedWhenAllAttemptsHaveTheirAnswers() {
    var one = attempt();
    attempt().complete(new Outcome.Accepted());
    var end = workshop.close();
    assertThat(end.isComplete()).isFalse();
    one.complete(Outcome.refused("stopped"));
    assertThat(end.succeeded()).isTrue();
    assertThat(closed).containsExactlyInAnyOrder("tool1", "tool2");
  }
}
