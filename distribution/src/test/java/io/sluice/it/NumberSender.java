package io.sluice.it;

import io.sluice.it.durability.Ledger;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/// Sends one number after the other until it is closed, each as a span, a log record and a data point, which are
/// three requests. A number is acknowledged if all three were answered with 200.
final class NumberSender implements AutoCloseable {
  private static final long PAUSE_MS = 20;

  private final Gateway gateway;
  private final String tenant;
  private final Ledger ledger;
  private final AtomicBoolean over = new AtomicBoolean();
  private final CompletableFuture<Void> running;

  NumberSender(Gateway gateway, String tenant, Ledger ledger) {
    this.gateway = gateway;
    this.tenant = tenant;
    this.ledger = ledger;
    running =
        CompletableFuture.runAsync(this::run, task -> Thread.ofPlatform().daemon().start(task));
  }

  static String trace(long number) {
    return "%032x".formatted(number);
  }

  private void run() {
    while (!over.get()) {
      send(ledger.sent.incrementAndGet());
      try {
        Thread.sleep(PAUSE_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private void send(long number) {
    long now = System.currentTimeMillis() * 1_000_000;
    if (post("traces", "resourceSpans", "scopeSpans", "spans", span(number, now))
        && post("logs", "resourceLogs", "scopeLogs", "logRecords", record(number, now))
        && post("metrics", "resourceMetrics", "scopeMetrics", "metrics", gauge(number, now))) {
      ledger.acked.add(number);
    }
  }

  private boolean post(String signal, String resources, String scopes, String items, String item) {
    var json =
        """
        {"%s":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"five"}},
        {"key":"tenant","value":{"stringValue":"%s"}}]},"%s":[{"%s":[%s]}]}]}
        """
            .formatted(resources, tenant, scopes, items, item);
    try {
      var answer =
          Http.post(
              gateway.uri("http", "/v1/" + signal),
              "application/json",
              json.getBytes(Programs.UTF_8));
      if (answer.status() != 200) {
        ledger.refused.incrementAndGet();
        ledger.says(answer.status() + ": " + answer.text());
      }
      return answer.status() == 200;
    } catch (UncheckedIOException e) {
      ledger.unknown.incrementAndGet();
      ledger.says(e.toString());
      return false;
    }
  }

  private static String span(long number, long now) {
    return """
    {"traceId":"%s","spanId":"%016x","name":"n-%d","kind":2,"startTimeUnixNano":"%d","endTimeUnixNano":"%d"}
    """
        .formatted(trace(number), number, number, now, now + 1000);
  }

  private static String record(long number, long now) {
    return """
    {"timeUnixNano":"%d","severityNumber":9,"body":{"stringValue":"n-%d"}}
    """
        .formatted(now, number);
  }

  private static String gauge(long number, long now) {
    return """
    {"name":"number","gauge":{"dataPoints":[{"timeUnixNano":"%d","asInt":"%d",
    "attributes":[{"key":"n","value":{"stringValue":"n-%d"}}]}]}}
    """
        .formatted(now, number, number);
  }

  /// Returns when so many more were acknowledged.
  void awaitMore(int more) {
    int from = ledger.acked.size();
    Eventually.happens(
        () -> ledger.acked.size() >= from + more,
        () -> "stuck at " + ledger.acked.size() + "; answers: " + ledger.words);
  }

  /// Returns when the last has its answers.
  @Override
  public void close() {
    over.set(true);
    running.join();
  }
}
