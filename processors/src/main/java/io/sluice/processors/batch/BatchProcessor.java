package io.sluice.processors.batch;

import io.sluice.component.ComponentContext;
import io.sluice.component.Processor;
import io.sluice.component.QueueConfig.Sizer;
import io.sluice.data.Batch;
import io.sluice.data.Origin;
import io.sluice.export.Batcher;
import io.sluice.pipeline.BatchSink;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Book;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One batcher for each combination of metadata values. Confined to its loop; the figures that a scrape
/// reads are atomic.
final class BatchProcessor implements Processor {
  private final BatchConfig config;
  private final ComponentContext context;
  private final List<String> keys;
  private final Map<List<List<String>>, Batcher> batchers = new HashMap<>();
  private final Book book;
  private final BatchMeters meters;
  private final Flush flush;
  private final Promise<Void> empty = Promise.promise();
  private long held;
  private boolean stopping;

  BatchProcessor(BatchConfig config, ComponentContext context, BatchSink next) {
    this.config = config;
    this.context = context;
    keys = config.metadataKeys().stream().map(key -> key.toLowerCase(Locale.ROOT)).toList();
    book = context.telemetry().books().open("batch:" + context.id());
    meters = new BatchMeters(context);
    flush = new Flush(context, next);
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    if (batch.isEmpty()) {
      return Outcome.accepted();
    }
    if (stopping) {
      return Outcome.refused("shutting down").now();
    }
    var values = values(batch.origin());
    var batcher = batchers.get(values);
    if (batcher == null) {
      if (!keys.isEmpty()
          && config.metadataCardinalityLimit() > 0
          && batchers.size() >= config.metadataCardinalityLimit()) {
        return Outcome.refused("too many batcher metadata-value combinations").now();
      }
      batcher = batcher(values);
      batchers.put(values, batcher);
      meters.combinations(batchers.size());
    }
    held += batch.items();
    book.received(batch.items());
    book.hold(batch.items());
    batcher.add(batch, _ -> settled(batch.items()));
    return Outcome.accepted();
  }

  @Override
  public Future<Void> stop() {
    stopping = true;
    flush.stop();
    batchers.values().forEach(Batcher::flush);
    settled(0);
    meters.close();
    return empty.future();
  }

  private List<List<String>> values(Origin origin) {
    if (keys.isEmpty()) {
      return List.of();
    }
    return keys.stream().map(key -> origin.metadata().getOrDefault(key, List.of())).toList();
  }

  private Batcher batcher(List<List<String>> values) {
    var metadata = new HashMap<String, List<String>>();
    for (int i = 0; i < keys.size(); i++) {
      if (!values.get(i).isEmpty()) {
        metadata.put(keys.get(i), values.get(i));
      }
    }
    return new Batcher(
        new Batcher.Limits(
            Sizer.ITEMS, config.trigger(), config.sendBatchMaxSize(), config.timeout()),
        context.loop(),
        batch -> send(batch.with(batch.origin().joined(metadata))),
        meters::triggered);
  }

  private Future<Outcome> send(Batch batch) {
    meters.sent(batch);
    return flush.accept(batch).onSuccess(outcome -> count(batch.items(), outcome));
  }

  private void count(long items, Outcome outcome) {
    switch (outcome) {
      case Outcome.Accepted _, Outcome.Partial _ -> book.delivered(items);
      case Outcome.Refused _ -> book.dropped("refused_by_next", items);
      case Outcome.Rejected _ -> book.dropped("rejected_by_next", items);
    }
  }

  private void settled(long items) {
    held -= items;
    book.letGo(items);
    if (held == 0 && stopping) {
      empty.tryComplete();
    }
  }
}
