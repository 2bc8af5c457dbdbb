package io.sluice.exporters.elasticsearch;

import io.sluice.component.ComponentContext;
import io.sluice.component.Exporter;
import io.sluice.data.Batch;
import io.sluice.exporters.elasticsearch.document.Documents;
import io.sluice.exporters.elasticsearch.document.Rules;
import io.sluice.exporters.progress.Unfinished;
import io.sluice.pipeline.Outcome;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Encoder;
import io.sluice.transport.http.HttpSender;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sends documents to Elasticsearch or OpenSearch, on the loop it lives on.
final class ElasticsearchExporter implements Exporter {
  /// An error for each of [BulkRequest#DOCUMENTS_MAX], and more than most servers say of one.
  private static final int RESPONSE_BYTES_MAX = 16 << 20;

  /// What a batch needs to be written, kept for the next one.
  private static final int IDLE_MAX = 2;

  private final BulkConfig config;
  private final Dialect dialect;
  private final ComponentContext context;
  private final Map<String, String> environment;
  private final Rules rules;
  private final Unfinished<Progress> unfinished = new Unfinished<>();
  private final Deque<Shipment.Work> idle = new ArrayDeque<>();
  private final Set<Future<Outcome>> underWay = new HashSet<>();
  private @Nullable Running running;

  /// What there is while it runs.
  private record Running(List<HttpSender> senders, Destination destination) {}

  ElasticsearchExporter(
      BulkConfig config,
      Dialect dialect,
      ComponentContext context,
      Map<String, String> environment) {
    this.config = config;
    this.dialect = dialect;
    this.context = context;
    this.environment = environment;
    rules = config.rules(dialect);
  }

  @Override
  public Future<Void> start() {
    var senders = new ArrayList<HttpSender>();
    try {
      var posts = new ArrayList<Nodes.Post>();
      for (var place : config.places(environment)) {
        var uri = bulk(URI.create(place));
        var sender =
            HttpSender.open(
                config.effectiveClient(), context, uri, environment, RESPONSE_BYTES_MAX);
        senders.add(sender);
        posts.add((headers, body, origin) -> sender.post(uri, headers, body, origin));
      }
      if (posts.isEmpty()) {
        throw new IllegalArgumentException("endpoint: missing");
      }
      running = new Running(List.copyOf(senders), destination(new Nodes(posts, context.loop())));
      return Future.succeededFuture();
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      senders.forEach(HttpSender::close);
      return Future.failedFuture(e);
    }
  }

  private Destination destination(Nodes nodes) {
    return new Destination(
        nodes,
        config.client().codec().map(_ -> Encoder.of(Codec.GZIP, level())),
        new BulkMeters(context),
        context.clock(),
        config.requestBytesMax(),
        rules.templates());
  }

  private OptionalInt level() {
    return config.client().level();
  }

  /// The place's own parameters stay.
  private URI bulk(URI place) {
    var path = place.getRawPath() == null ? "" : place.getRawPath();
    var query = new StringBuilder(place.getRawQuery() == null ? "" : place.getRawQuery());
    parameter(query, "filter_path", config.bulkResponseFilterPath());
    if (!config.pipeline().isEmpty()) {
      parameter(query, "pipeline", config.pipeline());
    }
    config
        .includeSourceOnError()
        .ifPresent(include -> parameter(query, "include_source_on_error", include.toString()));
    var trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return URI.create(
        place.getScheme() + "://" + place.getRawAuthority() + trimmed + "/_bulk?" + query);
  }

  private static void parameter(StringBuilder query, String name, String value) {
    query
        .append(query.isEmpty() ? "" : "&")
        .append(name)
        .append('=')
        .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  @Override
  public Future<Outcome> accept(Batch batch) {
    var current = running;
    if (current == null) {
      return Outcome.refused("not running").now();
    }
    var work =
        idle.isEmpty()
            ? new Shipment.Work(() -> new Documents(rules, context.clock()))
            : idle.pop();
    var known = unfinished.take(batch);
    var progress = known == null ? new Progress() : known;
    long confined = work.documents().confined();
    var answer =
        new Shipment(
                batch,
                work,
                progress,
                current.destination,
                config,
                context.loop(),
                dialect.action().equals("create"))
            .begin();
    underWay.add(answer);
    return answer.onComplete((outcome, _) -> {
      underWay.remove(answer);
      if (outcome != null) {
        ended(batch, outcome, progress);
        long now = work.documents().confined() - confined;
        current.destination.meters().confined(now);
        sayConfined(now);
        if (idle.size() < IDLE_MAX) {
          idle.push(work);
        }
      }
    });
  }

  private void ended(Batch batch, Outcome outcome, Progress progress) {
    if (outcome instanceof Outcome.Refused) {
      unfinished.keep(batch, progress);
      return;
    }
    if (progress.conflicts > 0 && !config.suppressConflictErrors()) {
      context.log().info("Documents were there already", "documents", progress.conflicts);
    }
    if (outcome.taken() && !config.keepsDeadLetters()) {
      progress
          .rejects
          .byReason()
          .forEach((reason, items) ->
              context
                  .log()
                  .error(
                      "Documents were rejected. Dropping data.",
                      "error",
                      reason,
                      "dropped_items",
                      items.cardinality()));
    }
  }

  private void sayConfined(long times) {
    if (times > 0) {
      context
          .log()
          .warn(
              "Data named an index that it may not have; the data stream counts",
              "documents",
              times);
    }
  }

  @Override
  public Future<Void> stop() {
    var ending = running;
    running = null;
    if (ending == null) {
      return Future.succeededFuture();
    }
    return Future.join(ending.senders.stream().map(HttpSender::close).toList())
        .otherwiseEmpty()
        .eventually(() -> Future.join(new ArrayList<>(underWay)).otherwiseEmpty())
        .onComplete(_ -> ending.destination.close())
        .mapEmpty();
  }
}
