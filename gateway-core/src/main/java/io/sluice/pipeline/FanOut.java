package io.sluice.pipeline;

import io.sluice.data.Batch;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gives each batch to every branch and answers with the worst outcome.
///
/// No copies: batches are immutable, and a branch that edits one makes its own. Branches with limited
/// room are asked first, all of them: if one has none, no branch gets the batch.
public record FanOut(List<BatchSink> branches) implements BatchSink {
  public FanOut {
    branches = List.copyOf(branches);
  }

  public static BatchSink to(List<BatchSink> branches) {
    return branches.size() == 1 ? branches.getFirst() : new FanOut(branches);
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    var refusal = reserve(batch);
    if (refusal != null) {
      return refusal.now();
    }
    var answers = new ArrayList<Future<Outcome>>(branches.size());
    for (var branch : branches) {
      answers.add(
          branch instanceof ReservingSink sink ? sink.acceptReserved(batch) : branch.accept(batch));
    }
    return Future.join(answers).map(_ -> worst(answers));
  }

  private @Nullable Outcome reserve(Batch batch) {
    for (int i = 0; i < branches.size(); i++) {
      if (branches.get(i) instanceof ReservingSink sink) {
        var refusal = sink.reserve(batch);
        if (refusal != null) {
          release(batch, i);
          return refusal;
        }
      }
    }
    return null;
  }

  private void release(Batch batch, int before) {
    for (var branch : branches.subList(0, before)) {
      if (branch instanceof ReservingSink sink) {
        sink.release(batch);
      }
    }
  }

  private static Outcome worst(List<Future<Outcome>> answers) {
    Outcome worst = new Outcome.Accepted();
    for (var answer : answers) {
      worst = worst.and(answer.result());
    }
    return worst;
  }
}
