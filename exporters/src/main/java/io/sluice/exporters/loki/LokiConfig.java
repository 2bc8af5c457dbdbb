package io.sluice.exporters.loki;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Key;
import io.sluice.component.QueueConfig;
import io.sluice.component.RetryConfig;
import io.sluice.component.Squash;
import io.sluice.component.Unless;
import io.sluice.exporters.tenant.TenantConfig;
import io.sluice.transport.http.HttpClientConfig;
import io.sluice.wire.Bytes;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `loki`.
public record LokiConfig(
    @Squash HttpClientConfig client,
    @Doc("Whom the data belongs to (X-Scope-OrgID); off unless written.")
        Optional<TenantConfig> tenant,
    @Doc("protobuf (with snappy) or json (with gzip, unless compression is none).")
        Encoding encoding,
    @Doc("The line: raw (the body as it is), logfmt or json (the whole record).") Format format,
    @Doc("What becomes a label of the stream, and how many there may be.") Labels labels,
    @Doc("What is kept beside the line without being a label.")
        StructuredMetadata structuredMetadata,
    @Doc("What is not sent at all.") Drop drop,
    @Doc("Entries of one request take at most about so many bytes, uncompressed.")
        int maxBatchSizeBytes,
    @Doc("What happens when an attempt fails.") RetryConfig retryOnFailure,
    @Doc("Where batches wait; on unless turned off.") Optional<QueueConfig> sendingQueue)
    implements Checked {
  /// Where Loki listens for pushes, if the endpoint names no path.
  private static final String PATH = "/loki/api/v1/push";

  /// Loki hands requests on by gRPC, in messages of at most 4 MiB unless told otherwise.
  private static final int BATCH_BYTES = 1 << 20;

  private static final int BATCH_BYTES_MIN = 1 << 10;

  /// `labels`.
  public record Labels(
      @Doc("Attributes of the resource that become labels, where present.") List<String> resource,
      @Doc(
              "Attributes of the scope that become labels; scope.name and scope.version are its"
                  + " name and version.")
          List<String> scope,
      @Doc("Attributes of the record that become labels.") List<String> attributes,
      @Doc(
              "Label for the severity (trace, debug, info, warn, error or fatal), as in 'level';"
                  + " empty for none.")
          String severity,
      @Key("static") @Doc("Labels of all streams, by name.") Map<String, String> constant,
      @Doc("Labels of one stream; further ones become structured metadata.") int maxLabels,
      @Doc(
              "Values of one label in an hour; further ones become structured metadata. 0 for no"
                  + " limit.")
          int maxValuesPerLabel)
      implements Checked {
    public Labels {
      resource = List.copyOf(resource);
      scope = List.copyOf(scope);
      attributes = List.copyOf(attributes);
      constant = Map.copyOf(constant);
    }

    public static Labels defaults() {
      return new Labels(
          List.of(
              "service.name",
              "service.namespace",
              "deployment.environment.name",
              "k8s.cluster.name",
              "k8s.namespace.name"),
          List.of(),
          List.of(),
          "",
          Map.of(),
          15,
          1000);
    }

    @Override
    public void check(Findings findings) {
      findings.require(maxLabels > 0, "max_labels", maxLabels + " (expected: more than 0)");
      findings.require(
          maxValuesPerLabel >= 0 && maxValuesPerLabel <= Guard.VALUES_MAX,
          "max_values_per_label",
          maxValuesPerLabel + " (expected: 0 to " + Guard.VALUES_MAX + ")");
      findings.require(
          constant.entrySet().stream()
              .noneMatch(label -> label.getKey().isEmpty() || label.getValue().isEmpty()),
          "static",
          "an empty name or value (expected: neither)");
      findings.require(
          constant.size() <= maxLabels,
          "static",
          constant.size() + " labels (expected: at most max_labels, " + maxLabels + ")");
      findings.require(
          constant.values().stream()
              .allMatch(value -> Bytes.utf8(value).length() <= Guard.VALUE_BYTES_MAX),
          "static",
          "a value of more than " + Guard.VALUE_BYTES_MAX + " bytes (expected: none)");
      checkNames(findings);
    }

    /// Of two that are one to Loki, one would be lost.
    private void checkNames(Findings findings) {
      var names = new Names();
      var known = new HashMap<Name, String>();
      constant.keySet().stream()
          .sorted()
          .forEach(key -> {
            var other = known.putIfAbsent(names.of(key), key);
            findings.require(
                other == null,
                "static",
                "'%s' and '%s' are the same label (expected: different ones)"
                    .formatted(other, key));
          });
    }
  }

  /// `structured_metadata`.
  public record StructuredMetadata(
      @Doc(
              "Send structured metadata; absent: with format raw, since the other formats have all"
                  + " in the line.")
          @Unless("true with format raw")
          Optional<Boolean> enabled,
      @Doc("Attributes of the resource.") boolean resource,
      @Doc("Name, version and attributes of the scope.") boolean scope,
      @Doc("Attributes of the record.") boolean attributes,
      @Doc("Severity, event name, flags, observed time, trace and span id.") boolean fields) {
    public static StructuredMetadata defaults() {
      return new StructuredMetadata(Optional.empty(), true, true, true, true);
    }
  }

  /// `drop`.
  public record Drop(
      @Doc("Attributes of the resource; a * at the end stands for anything.") List<String> resource,
      @Doc("Attributes of the scope, in the same way.") List<String> scope,
      @Doc("Attributes of the record, in the same way.") List<String> attributes) {
    public Drop {
      resource = List.copyOf(resource);
      scope = List.copyOf(scope);
      attributes = List.copyOf(attributes);
    }

    public static Drop defaults() {
      return new Drop(List.of(), List.of(), List.of());
    }
  }

  public static LokiConfig defaults() {
    return new LokiConfig(
        HttpClientConfig.defaults().with("", Duration.ofSeconds(30), "", 0),
        Optional.empty(),
        Encoding.PROTOBUF,
        Format.RAW,
        Labels.defaults(),
        StructuredMetadata.defaults(),
        Drop.defaults(),
        BATCH_BYTES,
        RetryConfig.defaults(),
        Optional.of(QueueConfig.defaults()));
  }

  URI uri() {
    var uri = URI.create(client.endpoint());
    var path = uri.getRawPath();
    return path == null || path.isEmpty() || path.equals("/") ? uri.resolve(PATH) : uri;
  }

  boolean sendsMetadata() {
    return structuredMetadata.enabled().orElse(format == Format.RAW);
  }

  /// Whether what is rejected is kept as a dead letter.
  boolean keepsDeadLetters() {
    return sendingQueue.flatMap(QueueConfig::storage).isPresent();
  }

  @Override
  public void check(Findings findings) {
    checkEndpoint(findings);
    var compression = client.compression();
    boolean plain = compression.isEmpty() || compression.equals("none");
    findings.require(
        encoding == Encoding.PROTOBUF
            ? compression.isEmpty() || compression.equals("snappy")
            : plain || compression.equals("gzip"),
        "compression",
        "'"
            + compression
            + "' (expected: "
            + (encoding == Encoding.PROTOBUF
                ? "snappy, or nothing, with protobuf)"
                : "gzip or none, with json)"));
    findings.require(
        maxBatchSizeBytes >= BATCH_BYTES_MIN,
        "max_batch_size_bytes",
        maxBatchSizeBytes + " (expected: at least " + BATCH_BYTES_MIN + ")");
    if (tenant.isPresent()
        && client.headers().keySet().stream().anyMatch("X-Scope-OrgID"::equalsIgnoreCase)) {
      findings.warning(
          "headers", "X-Scope-OrgID beside tenant, which wins (expected: one of them)");
    }
  }

  private void checkEndpoint(Findings findings) {
    if (client.endpoint().isEmpty()) {
      findings.error("endpoint", "missing (expected: a URL, as in http://loki:3100" + PATH + ")");
      return;
    }
    try {
      var uri = URI.create(client.endpoint());
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      findings.require(
          web && uri.getHost() != null,
          "endpoint",
          "'" + client.endpoint() + "' (expected: http:// or https:// with a host)");
    } catch (IllegalArgumentException _) {
      findings.error("endpoint", "not a URL (expected: http://host:port" + PATH + ")");
    }
  }
}
