package io.sluice.exporters.loki;

import io.sluice.component.ComponentContext;
import io.sluice.component.Exporter;
import io.sluice.data.Batch;
import io.sluice.data.Origin;
import io.sluice.exporters.progress.Unfinished;
import io.sluice.exporters.tenant.Tenants;
import io.sluice.pipeline.Outcome;
import io.sluice.transport.http.HttpResponse;
import io.sluice.transport.http.HttpSender;
import io.sluice.wire.Rope;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Sends logs to Loki, on the loop it lives on.
final class LokiExporter implements Exporter {
  /// Loki lists what it finds fault with: so much of it is read.
  private static final int RESPONSE_BYTES_MAX = 1 << 20;

  /// Translations kept for batches to come.
  private static final int IDLE_MAX = 4;

  /// One that has grown larger is not kept.
  private static final int IDLE_BYTES_MAX = 4 << 20;

  private static final long NANOS = 1_000_000_000;

  private final LokiConfig config;
  private final ComponentContext context;
  private final Map<String, String> environment;
  private final Tenants tenants;
  private final Guards guards;
  private final Unfinished<Progress> unfinished = new Unfinished<>();
  private final Deque<Translation> idle = new ArrayDeque<>();
  private final Set<Future<Outcome>> underWay = new HashSet<>();
  private @Nullable HttpSender sender;

  LokiExporter(
      LokiConfig config,
      ComponentContext context,
      Map<String, String> environment,
      RandomGenerator random) {
    this.config = config;
    this.context = context;
    this.environment = environment;
    tenants = Tenants.of(config.tenant());
    guards = new Guards(config, random.nextLong(), context);
  }

  @Override
  public Future<Void> start() {
    try {
      sender =
          HttpSender.open(config.client(), context, config.uri(), environment, RESPONSE_BYTES_MAX);
      return Future.succeededFuture();
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      return Future.failedFuture(e);
    }
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    var open = sender;
    if (open == null) {
      return Outcome.refused("not running").now();
    }
    var shares = tenants.of(batch);
    var known = unfinished.take(batch);
    var progress = known == null ? new Progress(nowNs()) : known;
    if (known == null) {
      shares.culprits().forEach(progress::reject);
    }
    if (shares.shares().isEmpty()) {
      return nobodys(batch, shares).now();
    }
    var translation = idle.isEmpty() ? translation() : idle.pop();
    var answer =
        new Shipment(
                batch,
                shares,
                translation,
                progress,
                (entries, headers) -> {
                  var all = new HashMap<>(translation.dialect().headers());
                  all.putAll(headers);
                  var body = translation.dialect().encode(translation.window(), entries);
                  return posted(open, all, body, batch.origin());
                },
                new Shipment.Settings(config.maxBatchSizeBytes(), config.keepsDeadLetters()),
                context.loop())
            .begin();
    underWay.add(answer);
    return answer.onComplete((outcome, _) -> {
      underWay.remove(answer);
      if (outcome instanceof Outcome.Refused) {
        unfinished.keep(batch, progress);
      }
      keep(translation);
    });
  }

  private static Outcome nobodys(Batch batch, Tenants.Shares shares) {
    var culprits = shares.culprits();
    return culprits.size() == 1
        ? new Outcome.Rejected(culprits.getFirst().fault(), culprits.getFirst().reason())
        : culprits.isEmpty()
            ? new Outcome.Accepted()
            : new Outcome.Partial(batch.items(), culprits.getLast().reason(), culprits);
  }

  private long nowNs() {
    var now = context.clock().instant();
    return now.getEpochSecond() * NANOS + now.getNano();
  }

  private Translation translation() {
    return new Translation(config, Dialect.of(config), guards);
  }

  private void keep(Translation translation) {
    if (sender != null
        && idle.size() < IDLE_MAX
        && translation.dialect().entries().room(0).length <= IDLE_BYTES_MAX) {
      idle.push(translation);
    } else {
      translation.dialect().close();
    }
  }

  /// A client that was closed throws.
  private Future<Verdict> posted(
      HttpSender open, Map<String, String> headers, Rope body, Origin origin) {
    Future<HttpResponse> answer;
    try {
      answer = open.post(config.uri(), headers, body, origin);
    } catch (IllegalStateException e) {
      answer = Future.failedFuture(e);
    }
    return answer
        .map(response -> Verdict.of(response, RESPONSE_BYTES_MAX, context.clock().instant()))
        .otherwise(Verdict::of);
  }

  @Override
  public Future<Void> stop() {
    var ending = sender;
    sender = null;
    if (ending == null) {
      return Future.succeededFuture();
    }
    return ending
        .close()
        .eventually(() -> Future.join(new ArrayList<>(underWay)).otherwiseEmpty())
        .onComplete(_ -> {
          idle.forEach(translation -> translation.dialect().close());
          idle.clear();
        });
  }
}
