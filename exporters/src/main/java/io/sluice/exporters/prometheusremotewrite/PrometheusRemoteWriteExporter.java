package io.sluice.exporters.prometheusremotewrite;

import io.sluice.component.ComponentContext;
import io.sluice.component.Exporter;
import io.sluice.data.Batch;
import io.sluice.exporters.progress.Unfinished;
import io.sluice.exporters.progress.Workshop;
import io.sluice.exporters.prometheus.Translation;
import io.sluice.exporters.prometheus.Troubles;
import io.sluice.pipeline.Outcome;
import io.sluice.transport.http.HttpSender;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Sends metrics to Prometheus, on the loop it lives on.
final class PrometheusRemoteWriteExporter implements Exporter {
  private static final int RESPONSE_BYTES_MAX = 4 << 10;

  /// Translations kept for the next batch: with a queue there is one batch at a time.
  private static final int IDLE_MAX = 2;

  private final PrometheusRemoteWriteConfig config;
  private final ComponentContext context;
  private final Map<String, String> environment;
  private final Shipment.Limits limits;
  private final Unfinished<Progress> unfinished = new Unfinished<>();
  private final Workshop<Translation> translations;
  private @Nullable Running running;

  /// What there is while it runs.
  private record Running(
      HttpSender sender, Destination destination, RemoteWriteMeters meters, Runnable figure) {}

  PrometheusRemoteWriteExporter(
      PrometheusRemoteWriteConfig config,
      ComponentContext context,
      Map<String, String> environment,
      RandomGenerator random) {
    this.config = config;
    this.context = context;
    this.environment = environment;
    var rules = config.rules();
    translations =
        new Workshop<>(
            IDLE_MAX, () -> new Translation(rules, random.nextLong()), _ -> true, _ -> {});
    limits =
        new Shipment.Limits(
            config.requestBytesMax(),
            config.requestsMax(),
            config.sendMetadata() && config.protobufMessage() == Protocol.REMOTE_WRITE_1,
            config.keepsDeadLetters());
  }

  @Override
  public Future<Void> start() {
    try {
      URI uri = config.uri();
      var sender =
          HttpSender.open(config.effectiveClient(), context, uri, environment, RESPONSE_BYTES_MAX);
      var meters = new RemoteWriteMeters(context, uri.toString());
      var dialect = Dialect.of(config.protobufMessage());
      var destination =
          new Destination(
              dialect,
              (headers, body, origin) -> sender.post(uri, headers, body, origin),
              new Answers(config.retryOnHttp429(), dialect.confirms()),
              meters,
              context.clock(),
              context.log());
      running = new Running(sender, destination, meters, meters.consumers(config.requestsMax()));
      return Future.succeededFuture();
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      return Future.failedFuture(e);
    }
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    var now = running;
    if (now == null) {
      return Outcome.refused("not running").now();
    }
    var known = unfinished.take(batch);
    var progress = known == null ? new Progress() : known;
    return translations.attempt(translation ->
        shipment(batch, translation, progress, now)
            .begin()
            .onSuccess(outcome -> ended(batch, outcome, progress, translation, now.meters)));
  }

  private Shipment shipment(Batch batch, Translation translation, Progress progress, Running now) {
    return new Shipment(
        batch, translation, progress, now.destination, limits, context.loop(), headers(batch));
  }

  private void ended(
      Batch batch,
      Outcome outcome,
      Progress progress,
      Translation translation,
      RemoteWriteMeters meters) {
    if (!progress.counted) {
      progress.counted = true;
      meters.translated(translation.table().size());
    }
    if (outcome instanceof Outcome.Refused) {
      unfinished.keep(batch, progress);
    } else if (!translation.troubles().none() && !translation.tooLarge()) {
      meters.failed(translation.troubles());
      say(translation.troubles());
    }
    if (outcome instanceof Outcome.Partial(var lost, var reason, _) && !progress.reason.isEmpty()) {
      context
          .log()
          .error(
              "Some samples were rejected. Dropping data.", "error", reason, "dropped_items", lost);
    }
  }

  private void say(Troubles troubles) {
    troubles
        .points()
        .forEach((reason, points) ->
            context
                .log()
                .warn(
                    "Metrics that have no place in Prometheus. Dropping data.",
                    "error",
                    reason.words(),
                    "metrics",
                    troubles.metrics(reason),
                    "dropped_items",
                    points));
  }

  private Map<String, String> headers(Batch batch) {
    if (config.includeMetadataKeys().isEmpty()) {
      return Map.of();
    }
    var headers = new HashMap<String, String>();
    var metadata = batch.origin().metadata();
    for (var key : config.includeMetadataKeys()) {
      var values = metadata.getOrDefault(key.toLowerCase(Locale.ROOT), List.of());
      if (!values.isEmpty()) {
        headers.put(key, String.join(", ", values));
      }
    }
    return headers;
  }

  @Override
  public Future<Void> stop() {
    var ending = running;
    running = null;
    if (ending == null) {
      return Future.succeededFuture();
    }
    ending.figure.run();
    return ending
        .sender
        .close()
        .eventually(translations::close)
        .onComplete(_ -> ending.destination.close());
  }
}
