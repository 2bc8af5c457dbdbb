package io.sluice.exporters.elasticsearch;

import io.sluice.data.Origin;
import io.sluice.exporters.elasticsearch.document.Extra;
import io.sluice.pipeline.Outcome;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.codec.Encoder;
import io.sluice.transport.http.HttpResponse;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where bulk requests go. Confined to one loop.
final class Destination implements AutoCloseable {
  /// A server that takes less says so for each request.
  private static final int BYTES_MIN = 16 << 10;

  private static final Outcome NO_ANSWER = Outcome.refused("no answer");

  private final Nodes nodes;
  private final Optional<Encoder> gzip;
  private final BulkMeters meters;
  private final InstantSource clock;
  private int bytesMax;
  private Set<Extra> extras;

  /// What came of one request.
  ///
  /// @param none what comes of it if there is no answer
  record Answer(@Nullable HttpResponse response, Outcome none) {}

  /// @param bytesMax of the JSON of one request
  /// @param extras what the server may know
  Destination(
      Nodes nodes,
      Optional<Encoder> gzip,
      BulkMeters meters,
      InstantSource clock,
      int bytesMax,
      Set<Extra> extras) {
    this.nodes = nodes;
    this.gzip = gzip;
    this.meters = meters;
    this.clock = clock;
    this.bytesMax = bytesMax;
    this.extras = Set.copyOf(extras);
  }

  BulkMeters meters() {
    return meters;
  }

  InstantSource clock() {
    return clock;
  }

  int bytesMax() {
    return bytesMax;
  }

  /// A request of so many bytes was too large.
  void tooLarge(int bytes) {
    bytesMax = Math.max(BYTES_MIN, Math.min(bytesMax, bytes / 2));
  }

  /// What the server knows, as far as is known.
  Set<Extra> extras() {
    return extras;
  }

  /// The server does not know it: it is older.
  void without(Extra extra) {
    extras = extras.stream().filter(each -> each != extra).collect(Collectors.toUnmodifiableSet());
  }

  /// @param lines of which nothing is held when this returns
  /// @param origin for authenticators that look at it
  Future<Answer> send(Bytes lines, Origin origin) {
    var headers = new HashMap<>(Map.of("Content-Type", "application/x-ndjson"));
    gzip.ifPresent(_ -> headers.put("Content-Encoding", "gzip"));
    var body =
        gzip.map(encoder -> encoder.encode(Rope.of(lines)))
            .orElseGet(() -> Bytes.wrap(lines.toArray()));
    meters.flushed(body.length(), lines.length());
    long begun = clock.millis();
    return nodes
        .send(headers, Rope.of(body), origin)
        .map(response -> {
          meters.answered(response.status(), clock.millis() - begun);
          return new Answer(response, NO_ANSWER);
        })
        .otherwise(failure -> {
          meters.unanswered(failure, clock.millis() - begun);
          return new Answer(null, AuthException.outcome(failure));
        });
  }

  @Override
  public void close() {
    gzip.ifPresent(Encoder::close);
  }
}
