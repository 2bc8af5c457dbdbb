package io.sluice.pipeline;

import io.sluice.data.Batch;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/// Gives each batch to every branch and answers with the worst outcome.
///
/// No copies: batches are immutable, and a branch that edits one makes its own.
public record FanOut(List<BatchSink> branches) implements BatchSink {
  public FanOut {
    branches = List.copyOf(branches);
  }

  public static BatchSink to(List<BatchSink> branches) {
    return branches.size() == 1 ? branches.getFirst() : new FanOut(branches);
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    var answers = new ArrayList<Future<Outcome>>(branches.size());
    for (var branch : branches) {
      answers.add(branch.accept(batch));
    }
    return Future.join(answers)
        .map(_ -> {
          Outcome worst = new Outcome.Accepted();
          for (var answer : answers) {
            worst = worst.and(answer.result());
          }
          return worst;
        });
  }
}
