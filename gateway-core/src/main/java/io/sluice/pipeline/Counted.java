package io.sluice.pipeline;

import io.sluice.data.Batch;
import io.sluice.telemetry.Book;
import io.vertx.core.AsyncResult;

/// Keeps the books of the sink behind it, so that no component counts its own traffic.
///
/// One for each node, whatever the number of loops that call it.
public final class Counted {
  /// Hears of each batch as it comes and as it is answered; the Collector's metrics hang here.
  public interface Meter {
    Meter NONE = new Meter() {};

    default void came(Batch batch) {}

    default void answered(Batch batch, Outcome outcome) {}
  }

  private final Book book;
  private final Meter meter;

  public Counted(Book book, Meter meter) {
    this.book = book;
    this.meter = meter;
  }

  public BatchSink around(BatchSink next) {
    return batch -> {
      came(batch);
      var answer = next.accept(batch);
      if (answer.isComplete()) {
        settle(batch, answer);
        return answer;
      }
      return answer.onComplete(result -> settle(batch, result));
    };
  }

  private void came(Batch batch) {
    book.received(batch.items());
    book.hold(batch.items());
    meter.came(batch);
  }

  private void settle(Batch batch, AsyncResult<Outcome> result) {
    long items = batch.items();
    book.letGo(items);
    if (result.failed()) {
      book.dropped("internal_error", items);
      meter.answered(
          batch, new Outcome.Rejected(Outcome.Fault.INTERNAL, String.valueOf(result.cause())));
      return;
    }
    var outcome = result.result();
    switch (outcome) {
      case Outcome.Accepted _ -> book.delivered(items);
      case Outcome.Partial(var rejected, _, _) -> {
        book.delivered(items - Math.min(rejected, items));
        book.rejected(Math.min(rejected, items));
      }
      case Outcome.Refused _ -> book.refused(items);
      case Outcome.Rejected _ -> book.rejected(items);
    }
    meter.answered(batch, outcome);
  }
}
