package io.sluice.exporters.otlp;

import io.sluice.component.ComponentContext;
import io.sluice.component.Exporter;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.pipeline.Outcome;
import io.sluice.testkit.Contexts;
import io.sluice.transport.TransportLoops;
import io.vertx.core.Future;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/// An exporter that runs on a loop of its own.
final class Sending implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;

  final TransportLoops loops = TransportLoops.of(1, 1);
  private final Loop loop;
  private final Exporter exporter;

  Sending(Loop.Family family, Function<ComponentContext, Exporter> create) throws Exception {
    loop = loops.home(family);
    exporter = create.apply(Contexts.of(Kind.EXPORTER, "otlp/2", loop));
    on(exporter::start);
  }

  Outcome send(Batch batch) throws Exception {
    return on(() -> exporter.accept(batch));
  }

  private <T> T on(Supplier<Future<T>> work) throws Exception {
    var done = new CompletableFuture<T>();
    loop.execute(() -> {
      try {
        work.get().onSuccess(done::complete).onFailure(done::completeExceptionally);
      } catch (RuntimeException | Error e) {
        done.completeExceptionally(e);
      }
    });
    return done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    on(exporter::stop);
    loops.close();
  }
}
