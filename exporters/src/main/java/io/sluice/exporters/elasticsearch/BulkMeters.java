package io.sluice.exporters.elasticsearch;

import io.micrometer.core.instrument.Counter;
import io.sluice.component.ComponentContext;
import io.sluice.telemetry.Telemetry;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/// `otelcol_elasticsearch_*`, under the Collector's names. Confined to one loop.
final class BulkMeters {
  private static final String PREFIX = "otelcol_elasticsearch_";

  /// Types of errors that get a series of their own.
  private static final int TYPES_MAX = 32;

  private final Telemetry telemetry;
  private final String exporter;
  private final Counter received;
  private final Counter retried;
  private final Counter flushed;
  private final Counter uncompressed;
  private final Counter succeeded;
  private final Counter confined;
  private final Set<String> types = new HashSet<>();

  BulkMeters(ComponentContext context) {
    telemetry = context.telemetry();
    exporter = context.id().toString();
    received =
        counter(
            "docs_received",
            "Count of Elasticsearch documents successfully received to be buffered. [Alpha]");
    retried = counter("docs_retried", "Count of document retries. [Alpha]");
    flushed = counter("flushed_bytes", "Number of bytes flushed by the indexer. [Alpha]");
    uncompressed =
        counter(
            "flushed_uncompressed_bytes",
            "Number of uncompressed bytes flushed by the indexer. [Alpha]");
    succeeded = processed("success", "");
    confined =
        telemetry.counter(
            "sluice_exporter_elasticsearch_confined_documents",
            "Number of documents whose data named an index that it may not have",
            "exporter",
            exporter);
  }

  private Counter counter(String name, String help) {
    return telemetry.counter(PREFIX + name, help, "exporter", exporter);
  }

  private Counter processed(String outcome, String type) {
    return telemetry.counter(
        PREFIX + "docs_processed",
        "Count of documents flushed to Elasticsearch. [Alpha]",
        "exporter",
        exporter,
        "outcome",
        outcome,
        "error_type",
        type);
  }

  /// So many documents did not go where their data said.
  void confined(long documents) {
    confined.increment(documents);
  }

  void received(long documents) {
    received.increment(documents);
  }

  void retried(long documents) {
    retried.increment(documents);
  }

  void flushed(long bytes, long plain) {
    flushed.increment(bytes);
    uncompressed.increment(plain);
  }

  void answered(int status, long ms) {
    request(outcome(status), String.valueOf(status), ms);
  }

  void unanswered(Throwable failure, long ms) {
    request(failure instanceof TimeoutException ? "timeout" : "internal_server_error", "", ms);
  }

  private void request(String outcome, String status, long ms) {
    telemetry
        .counter(
            PREFIX + "bulk_requests_count",
            "Count of the completed bulk requests. [Alpha]",
            "exporter",
            exporter,
            "outcome",
            outcome,
            "http_response_status_code",
            status)
        .increment();
    telemetry
        .seconds(
            PREFIX + "bulk_requests_latency",
            "Latency of Elasticsearch bulk operations in seconds. [Alpha]",
            "exporter",
            exporter,
            "outcome",
            outcome,
            "http_response_status_code",
            status)
        .record(ms / 1000.0);
  }

  private static String outcome(int status) {
    return status < 400
        ? "success"
        : status == 429 ? "too_many" : status >= 500 ? "failed_server" : "failed_client";
  }

  void processed(BulkAnswer.Verdict verdict) {
    if (verdict.failureStore()) {
      processed("failure_store", "").increment();
    } else if (verdict.status() >= 200 && verdict.status() < 300) {
      succeeded.increment();
    } else {
      boolean own = types.contains(verdict.type()) || types.size() < TYPES_MAX;
      if (own) {
        types.add(verdict.type());
      }
      var outcome = verdict.status() < 400 ? "failed_server" : outcome(verdict.status());
      processed(outcome, own ? verdict.type() : "other").increment();
    }
  }
}
