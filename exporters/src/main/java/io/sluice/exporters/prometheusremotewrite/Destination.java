package io.sluice.exporters.prometheusremotewrite;

import io.sluice.data.Origin;
import io.sluice.exporters.prometheus.SeriesTable;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Log;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Encoder;
import io.sluice.transport.http.HttpResponse;
import io.sluice.wire.Rope;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/// Where requests go: one attempt each. Confined to one loop.
final class Destination implements AutoCloseable {
  private final Dialect dialect;
  private final Post post;
  private final Answers answers;
  private final RemoteWriteMeters meters;
  private final InstantSource clock;
  private final Log log;
  private final Encoder snappy = Encoder.of(Codec.SNAPPY, OptionalInt.empty());

  /// The last search found nothing that is taken: until something is, only two branches of each piece are tried.
  private boolean hopeless;

  /// Sends one body.
  @FunctionalInterface
  interface Post {
    Future<HttpResponse> send(Map<String, String> headers, Rope body, Origin origin);
  }

  Destination(
      Dialect dialect,
      Post post,
      Answers answers,
      RemoteWriteMeters meters,
      InstantSource clock,
      Log log) {
    this.log = log;
    this.dialect = dialect;
    this.post = post;
    this.answers = answers;
    this.meters = meters;
    this.clock = clock;
  }

  Dialect dialect() {
    return dialect;
  }

  boolean hopeless() {
    return hopeless;
  }

  void hopeless(boolean hopeless) {
    this.hopeless = hopeless;
  }

  /// Says so: nothing is lost of what was measured.
  void metadataRejected(String reason) {
    log.warn("What is known of metrics was not taken", "error", reason);
  }

  /// @param more headers of this batch
  Future<Outcome> send(Piece piece, SeriesTable table, Map<String, String> more, Origin origin) {
    var headers = new HashMap<>(more);
    headers.putAll(dialect.headers());
    var body = snappy.encode(Rope.of(dialect.encode(table, piece)));
    long samples = piece.samples(table);
    long exemplars = piece.exemplars(table);
    meters.sent();
    return posted(headers, Rope.of(body), origin)
        .map(response -> judge(response, samples, exemplars))
        .otherwise(AuthException::outcome);
  }

  /// A client that was closed throws.
  private Future<HttpResponse> posted(Map<String, String> headers, Rope body, Origin origin) {
    try {
      return post.send(headers, body, origin);
    } catch (IllegalStateException e) {
      return Future.failedFuture(e);
    }
  }

  private Outcome judge(HttpResponse response, long samples, long exemplars) {
    if (dialect.confirms()) {
      var written = Answers.Written.of(response);
      meters.written(written);
      written.exemplars().ifPresent(some -> meters.withoutExemplars(exemplars - some));
    }
    return answers.of(response, samples, clock.instant());
  }

  @Override
  public void close() {
    snappy.close();
  }
}
