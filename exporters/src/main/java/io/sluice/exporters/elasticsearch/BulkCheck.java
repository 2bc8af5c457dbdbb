package io.sluice.exporters.elasticsearch;

import io.sluice.component.Findings;
import io.sluice.exporters.elasticsearch.document.Mode;
import java.net.URI;
import java.time.Instant;
import java.util.stream.Stream;

/// What can be wrong with a configuration, beyond what types say.
final class BulkCheck {
  private final BulkConfig config;
  private final Findings findings;

  BulkCheck(BulkConfig config, Findings findings) {
    this.config = config;
    this.findings = findings;
  }

  void run() {
    places();
    config.endpoints().forEach(each -> url("endpoints", each));
    var compression = config.client().compression();
    findings.require(
        compression.isEmpty() || compression.equals("none") || compression.equals("gzip"),
        "compression",
        "'" + compression + "' (expected: gzip or none)");
    findings.require(
        config.user().isEmpty() || config.apiKey().value().isEmpty(),
        "api_key",
        "beside a user (expected: one or the other)");
    findings.require(
        config.client().auth().isEmpty()
            || (config.user().isEmpty() && config.apiKey().value().isEmpty()),
        "auth",
        "beside a user or an api_key (expected: one of them)");
    names();
    modes();
    numbers();
    olderKeys();
  }

  private void places() {
    var client = config.client().endpoint();
    long said =
        Stream.of(!client.isEmpty(), !config.endpoints().isEmpty(), !config.cloudid().isEmpty())
            .filter(Boolean::booleanValue)
            .count();
    findings.require(
        said < 2, "endpoint", "said twice (expected: one of endpoint, endpoints and cloudid)");
    if (!client.isEmpty()) {
      url("endpoint", client);
    }
    if (!config.cloudid().isEmpty()) {
      try {
        url("cloudid", CloudId.endpoint(config.cloudid()));
      } catch (IllegalArgumentException e) {
        findings.error("cloudid", e.getMessage() + " (expected: name:base64)");
      }
    }
  }

  /// @param text of which a password is not repeated
  void url(String key, String text) {
    try {
      var uri = URI.create(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      findings.require(
          web && uri.getHost() != null,
          key,
          "'"
              + text.replaceAll("[^/]*@", "***@")
              + "' (expected: http:// or https:// with a host)");
      findings.require(
          uri.getUserInfo() == null, key, "with a user in it (expected: user and password)");
    } catch (IllegalArgumentException _) {
      findings.error(key, "not a URL (expected: http://host:port)");
    }
  }

  private void names() {
    index("logs_index", config.logsIndex());
    index("metrics_index", config.metricsIndex());
    index("traces_index", config.tracesIndex());
    for (var prefix : config.allowedIndexPrefixes()) {
      findings.require(
          !prefix.isEmpty() && BulkConfig.wrongIndex(prefix).isEmpty(),
          "allowed_index_prefixes",
          "'" + prefix + "' (expected: the beginning of a name of an index)");
    }
    if (config.logstashFormat().enabled()) {
      try {
        index("logstash_format", "x" + config.date(Instant.EPOCH));
      } catch (IllegalArgumentException e) {
        findings.error("logstash_format::date_format", String.valueOf(e.getMessage()));
      }
    }
  }

  private void index(String key, String name) {
    var wrong = BulkConfig.wrongIndex(name);
    findings.require(wrong.isEmpty(), key, wrong);
  }

  private void modes() {
    for (var name : config.mapping().allowedModes()) {
      findings.require(
          Mode.of(name).isPresent(),
          "mapping::allowed_modes",
          "'" + name + "' (expected: bodymap, ecs, none, otel or raw)");
    }
  }

  private void numbers() {
    var retry = config.retry();
    findings.require(
        retry.maxRequests() >= 0, "retry::max_requests", retry.maxRequests() + " (expected: >= 0)");
    retry
        .maxRetries()
        .ifPresent(retries ->
            findings.require(retries >= 0, "retry::max_retries", retries + " (expected: >= 0)"));
    findings.require(
        retry.maxRequests() == 0 || retry.maxRetries().isEmpty(),
        "retry::max_requests",
        "beside max_retries (expected: max_retries alone)");
    findings.require(
        config.flush().bytes() >= 0, "flush::bytes", config.flush().bytes() + " (expected: >= 0)");
    findings.require(
        config.numWorkers() >= 0, "num_workers", config.numWorkers() + " (expected: >= 0)");
    findings.require(
        config.bulkResponseFilterPath().contains("items.*.status"),
        "bulk_response_filter_path",
        "'" + config.bulkResponseFilterPath() + "' (expected: items.*.status among it)");
  }

  private void olderKeys() {
    older(config.flush().bytes() > 0, "flush::bytes", "sending_queue::batch::max_size");
    older(
        config.flush().interval().isPositive(),
        "flush::interval",
        "sending_queue::batch::flush_timeout");
    older(config.numWorkers() > 0, "num_workers", "sending_queue::num_consumers");
    older(config.retry().maxRequests() > 0, "retry::max_requests", "retry::max_retries");
  }

  private void older(boolean written, String key, String better) {
    if (written) {
      findings.warning(key, "an older name (expected: " + better + ")");
    }
  }
}
