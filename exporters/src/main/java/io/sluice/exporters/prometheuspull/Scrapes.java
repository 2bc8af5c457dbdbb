package io.sluice.exporters.prometheuspull;

import io.sluice.component.ComponentContext;
import io.sluice.data.Lease;
import io.sluice.transport.http.HttpExchange;
import io.sluice.transport.http.HttpService;
import io.sluice.transport.http.Refusal;
import io.sluice.wire.Bytes;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPOutputStream;

/// Answers scrapes: a copy of what is known is made on the exporter's loop, a part at a time, the page of it on
/// a thread apart. Requests come on any loop.
final class Scrapes implements HttpService {
  /// More at the same time are told to come later.
  static final int AT_ONCE_MAX = 4;

  /// Sets of labels copied before others have a turn.
  private static final int COPIED_AT_ONCE = 5_000;

  private static final String PATH = "/metrics";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private final PrometheusConfig config;
  private final ComponentContext context;
  private final Store store;
  private final PullMeters meters;
  private final Semaphore room = new Semaphore(AT_ONCE_MAX);

  Scrapes(PrometheusConfig config, ComponentContext context, Store store, PullMeters meters) {
    this.config = config;
    this.context = context;
    this.store = store;
    this.meters = meters;
  }

  @Override
  public void handle(HttpExchange exchange) {
    if (!PATH.equals(exchange.request().path())) {
      say(exchange, NOT_FOUND, "404 page not found\n");
    } else if (!room.tryAcquire()) {
      say(exchange, UNAVAILABLE, "too many scrapes at the same time\n");
    } else {
      onLoop(
          exchange,
          () -> {
            store.sweep(context.loop().nanoTime());
            copy(exchange, new ArrayDeque<>(store.families()), new ArrayList<>());
          });
    }
  }

  /// A bug must not keep the place of a scrape for good.
  private void onLoop(HttpExchange exchange, Runnable step) {
    context
        .loop()
        .execute(() -> {
          try {
            step.run();
          } catch (OutOfMemoryError | RuntimeException e) {
            broken(exchange, e);
          }
        });
  }

  private void broken(HttpExchange exchange, Throwable e) {
    context.log().error("Cannot make a page", "error", e.toString());
    fail(exchange, "cannot make the page\n");
  }

  private void copy(HttpExchange exchange, Deque<Family> left, List<Family.View> views) {
    int copied = 0;
    while (!left.isEmpty() && copied < COPIED_AT_ONCE) {
      var view = left.removeFirst().view();
      copied += view.metrics().size();
      views.add(view);
    }
    if (left.isEmpty()) {
      Thread.ofVirtual().name("sluice-scrape").start(() -> write(exchange, views));
    } else {
      onLoop(exchange, () -> copy(exchange, left, views));
    }
  }

  private void write(HttpExchange exchange, List<Family.View> views) {
    try {
      var accept = exchange.header(HttpHeaders.ACCEPT);
      var format = Accept.of(accept, config.enableOpenMetrics(), !config.strategy().escapes());
      var page = new Page(format, config.sendTimestamps()).of(views);
      boolean zipped = zips(exchange.header(HttpHeaders.ACCEPT_ENCODING));
      var lease = context.budget().take(page.length());
      if (lease == null) {
        fail(exchange, "no room for the page\n");
        return;
      }
      var body = Bytes.wrap(zipped ? gzip(page) : page.getBytes(StandardCharsets.UTF_8));
      exchange.loop().execute(() -> send(exchange, format, zipped, body, lease));
    } catch (OutOfMemoryError | RuntimeException e) {
      broken(exchange, e);
    }
  }

  /// Whoever reads slowly keeps its place, and the page its room, until all is read.
  private void send(
      HttpExchange exchange, Accept.Format format, boolean zipped, Bytes body, Lease lease) {
    if (zipped) {
      exchange.response().putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
    }
    answer(exchange, OK, format.contentType(), body)
        .onComplete((_, _) -> {
          lease.close();
          room.release();
        });
  }

  private void fail(HttpExchange exchange, String text) {
    room.release();
    exchange.loop().execute(() -> say(exchange, UNAVAILABLE, text));
  }

  private static boolean zips(String encodings) {
    for (var each : encodings.toLowerCase(Locale.ROOT).split(",", -1)) {
      var parts = each.strip().split("\\s*;\\s*", -1);
      if (parts[0].equals("gzip")) {
        return parts.length == 1 || !parts[1].matches("q=0(\\.0*)?");
      }
    }
    return false;
  }

  private static byte[] gzip(String page) {
    var out = new ByteArrayOutputStream(page.length() / 8 + 64);
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(page.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array does not fail
    }
    return out.toByteArray();
  }

  @Override
  public void refuse(HttpExchange exchange, Refusal refusal) {
    say(exchange, refusal.kind().status(), String.valueOf(refusal.getMessage()));
  }

  private void say(HttpExchange exchange, int status, String text) {
    answer(exchange, status, TEXT, Bytes.utf8(text));
  }

  private Future<Void> answer(HttpExchange exchange, int status, String contentType, Bytes body) {
    meters.scraped(status);
    return exchange.answer(status, contentType, body);
  }
}
