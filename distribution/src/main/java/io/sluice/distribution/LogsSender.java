package io.sluice.distribution;

import io.sluice.distribution.OwnExporters.Way;
import io.sluice.pipeline.Outcome;
import io.sluice.service.LogProcessor;
import io.sluice.telemetry.Logs;
import io.sluice.telemetry.OtlpLogs;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// Sends the own log, some lines at a time. Whoever logs never waits: lines that find the queue full are
/// not sent, and those that could not be delivered are not tried again. What it has to say of that itself
/// is in the other outputs of the log only. Lives on the exporter's loop, but for the queue's front.
final class LogsSender implements OwnOutlet {
  private static final String NOT_SENT = "Lines of the own log were not sent.";

  private final Object key;
  private final LogProcessor config;
  private final Way way;
  private final Logs logs;
  private final Map<String, String> resource;
  private final BlockingQueue<Logs.Line> queue;
  private final int linesMax;

  /// Whether a flush is going to come.
  private final AtomicBoolean expected = new AtomicBoolean();

  private Runnable deaf = () -> {};
  private Future<Void> sending = Future.succeededFuture();

  LogsSender(Object key, LogProcessor config, Way way, Logs logs, Map<String, String> resource) {
    this.key = key;
    this.config = config;
    this.way = way;
    this.logs = logs;
    this.resource = resource;
    queue = new ArrayBlockingQueue<>(config.asBatch().maxQueueSize());
    linesMax = config.asBatch().maxExportBatchSize();
  }

  @Override
  public Object key() {
    return key;
  }

  @Override
  public Future<Void> start() {
    Promise<Void> started = Promise.promise();
    way.loop().execute(() -> way.exporter().start().onComplete(started));
    return started.future().onSuccess(_ -> deaf = logs.listen(this::hear));
  }

  /// Sends what waits, then ends.
  @Override
  public Future<Void> stop() {
    Promise<Void> stopped = Promise.promise();
    way.loop()
        .execute(() -> {
          deaf.run();
          sending
              .compose(_ -> send(Integer.MAX_VALUE))
              .compose(_ -> way.exporter().stop())
              .onComplete(stopped);
        });
    return stopped.future();
  }

  /// On any thread.
  private void hear(Logs.Line line) {
    if (line.message().equals(NOT_SENT) || !queue.offer(line)) {
      return;
    }
    if (expected.compareAndSet(false, true)) {
      expect(config.delay());
    }
  }

  private void expect(Duration delay) {
    way.loop().execute(() -> way.loop().schedule(delay, this::flush));
  }

  private void flush() {
    expected.set(false);
    if (sending.isComplete()) {
      sending = send(linesMax);
    }
    sending.onComplete(_ -> {
      if (!queue.isEmpty() && expected.compareAndSet(false, true)) {
        expect(Duration.ZERO);
      }
    });
  }

  /// Never fails.
  private Future<Void> send(int atMost) {
    var lines = new ArrayList<Logs.Line>();
    if (queue.drainTo(lines, atMost) == 0) {
      return Future.succeededFuture();
    }
    return way.send(OtlpLogs.write(resource, lines), config.patience())
        .map(outcome -> {
          switch (outcome) {
            case Outcome.Accepted _, Outcome.Partial _ -> {}
            case Outcome.Refused refused -> failed(lines.size(), refused.reason());
            case Outcome.Rejected rejected -> failed(lines.size(), rejected.reason());
          }
          return null;
        });
  }

  private void failed(int lines, String reason) {
    logs.warn(NOT_SENT, "lines", lines, "error", reason);
  }
}
