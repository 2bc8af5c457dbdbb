package io.sluice.distribution;

import io.sluice.component.Loop;
import io.sluice.distribution.OwnExporters.Way;
import io.sluice.pipeline.Outcome;
import io.sluice.service.PeriodicReader;
import io.sluice.telemetry.Log;
import io.sluice.telemetry.OtlpMetrics;
import io.sluice.telemetry.Telemetry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;

/// Sends own metrics at an interval, and once more when it stops. What is not delivered is not tried
/// again: the next sending holds it too. Lives on the exporter's loop.
final class MetricsSender implements OwnOutlet {
  private final Object key;
  private final Duration period;
  private final Duration patience;
  private final Way way;
  private final Telemetry telemetry;
  private final OtlpMetrics form;
  private final Log log;
  private final InstantSource clock;
  private Loop.Timer timer = () -> {};
  private Future<Void> sending = Future.succeededFuture();

  MetricsSender(
      Object key,
      PeriodicReader config,
      Way way,
      Telemetry telemetry,
      OtlpMetrics form,
      Log log,
      InstantSource clock) {
    this.key = key;
    period = config.period();
    patience = config.patience();
    this.way = way;
    this.telemetry = telemetry;
    this.form = form;
    this.log = log;
    this.clock = clock;
  }

  @Override
  public Object key() {
    return key;
  }

  @Override
  public Future<Void> start() {
    Promise<Void> started = Promise.promise();
    way.loop()
        .execute(() -> {
          timer = way.loop().schedule(period, this::tick);
          way.exporter().start().onComplete(started);
        });
    return started.future();
  }

  @Override
  public Future<Void> stop() {
    Promise<Void> stopped = Promise.promise();
    way.loop()
        .execute(() -> {
          timer.cancel();
          sending.compose(_ -> send()).compose(_ -> way.exporter().stop()).onComplete(stopped);
        });
    return stopped.future();
  }

  private void tick() {
    timer = way.loop().schedule(period, this::tick);
    if (sending.isComplete()) {
      sending = send();
    }
  }

  /// Never fails.
  private Future<Void> send() {
    var written = form.write(telemetry.collect(), clock.instant());
    return way.send(written.batch(), patience)
        .map(outcome -> {
          switch (outcome) {
            case Outcome.Accepted _ -> written.delivered().run();
            case Outcome.Partial _ -> written.delivered().run(); // said by the exporter
            case Outcome.Refused refused -> failed(refused.reason());
            case Outcome.Rejected rejected -> failed(rejected.reason());
          }
          return null;
        });
  }

  private void failed(String reason) {
    log.warn("Own metrics were not sent; the next time will tell.", "error", reason);
  }
}
