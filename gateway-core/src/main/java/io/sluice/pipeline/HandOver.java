package io.sluice.pipeline;

import io.sluice.data.Batch;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// The one place where a batch changes threads: there with the batch, back with the answer.
public final class HandOver {
  private HandOver() {}

  /// @param from runs tasks on the loop of the caller
  /// @param to runs tasks on the loop of the sink
  public static BatchSink between(Executor from, Executor to, BatchSink sink) {
    return sink instanceof ReservingSink reserving
        ? new Reserving(from, to, reserving)
        : batch -> over(from, to, batch, sink);
  }

  private static Future<Outcome> over(Executor from, Executor to, Batch batch, BatchSink sink) {
    Promise<Outcome> answer = Promise.promise();
    to.execute(() -> {
      try {
        sink.accept(batch).onComplete(result -> from.execute(() -> answer.handle(result)));
      } catch (RuntimeException bug) { // nobody else would hear of it, and the sender would wait
        from.execute(() -> answer.fail(bug));
      }
    });
    return answer.future();
  }

  private record Reserving(Executor from, Executor to, ReservingSink sink)
      implements ReservingSink {
    @Override
    public Future<Outcome> accept(Batch batch) {
      return over(from, to, batch, sink);
    }

    @Override
    public @Nullable Outcome reserve(Batch batch) {
      return sink.reserve(batch);
    }

    @Override
    public void release(Batch batch) {
      sink.release(batch);
    }

    @Override
    public Future<Outcome> acceptReserved(Batch batch) {
      return over(from, to, batch, sink::acceptReserved);
    }
  }
}
