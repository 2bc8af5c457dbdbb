package io.sluice.exporters.otlp;

import io.sluice.component.ComponentContext;
import io.sluice.data.Batch;
import io.sluice.data.OtlpJson;
import io.sluice.data.Signal;
import io.sluice.exporters.otlp.OtlpHttpExporterConfig.Encoding;
import io.sluice.pipeline.Outcome;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.http.HttpResponse;
import io.sluice.transport.http.HttpSender;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sends batches by OTLP/HTTP, on the loop it lives on.
final class OtlpHttpExporter implements OtlpExporter {
  private static final int RESPONSE_BYTES_MAX = 64 << 10;

  private final OtlpHttpExporterConfig config;
  private final ComponentContext context;
  private final Map<String, String> environment;
  private final Payload payload;
  private final Map<String, String> headers;
  private final Map<Signal, URI> uris = new EnumMap<>(Signal.class);
  private @Nullable HttpSender sender;

  OtlpHttpExporter(
      OtlpHttpExporterConfig config, ComponentContext context, Map<String, String> environment) {
    this.config = config;
    this.context = context;
    this.environment = environment;
    var client = config.client();
    payload = new Payload(client.codec(), client.level());
    var type = config.encoding() == Encoding.JSON ? "application/json" : "application/x-protobuf";
    headers =
        payload.compresses()
            ? Map.of("content-type", type, "content-encoding", client.compression())
            : Map.of("content-type", type);
    for (var signal : Signal.values()) {
      try {
        uris.put(signal, config.uri(signal));
      } catch (IllegalArgumentException _) {
        // nowhere to send this signal to: said when one comes
      }
    }
  }

  @Override
  public Future<Void> start() {
    try {
      var destination = uris.values().iterator().next();
      sender =
          HttpSender.open(config.client(), context, destination, environment, RESPONSE_BYTES_MAX);
      return Future.succeededFuture();
    } catch (IOException | IllegalStateException e) {
      return Future.failedFuture(e);
    }
  }

  @Override
  public Future<Outcome> send(Batch batch, Map<String, String> more) {
    var uri = uris.get(batch.signal());
    if (uri == null) {
      return Outcome.rejected("no endpoint for " + batch.signal()).now();
    }
    if (sender == null) {
      return Outcome.refused("not running").now();
    }
    return sender
        .post(uri, with(more), body(batch), batch.origin())
        .map(this::outcomeOf)
        .otherwise(AuthException::outcome);
  }

  private Map<String, String> with(Map<String, String> more) {
    if (more.isEmpty()) {
      return headers;
    }
    var all = new HashMap<>(more);
    all.putAll(headers);
    return all;
  }

  private Rope body(Batch batch) {
    return config.encoding() == Encoding.JSON
        ? payload.compressed(Rope.of(json(batch)))
        : payload.of(batch);
  }

  private static Bytes json(Batch batch) {
    var out = new ByteArrayOutputStream(2 * batch.sizeInBytes());
    try {
      OtlpJson.encode(batch.signal(), batch.otlp(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array does not fail
    }
    return Bytes.wrap(out.toByteArray());
  }

  private Outcome outcomeOf(HttpResponse response) {
    var outcome = HttpOutcomes.of(response, context.clock().instant());
    if (outcome instanceof Outcome.Partial partial) {
      context
          .log()
          .warn(
              "Partial success response",
              "message",
              partial.reason(),
              "dropped_items",
              partial.rejectedItems());
    }
    return outcome;
  }

  @Override
  public Future<Void> stop() {
    payload.close();
    var closing = sender;
    sender = null;
    return closing == null ? Future.succeededFuture() : closing.close();
  }
}
