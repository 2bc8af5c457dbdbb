package io.sluice.exporters.prometheusremotewrite;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Key;
import io.sluice.component.QueueConfig;
import io.sluice.component.RetryConfig;
import io.sluice.component.Squash;
import io.sluice.component.Unless;
import io.sluice.component.Unsupported;
import io.sluice.exporters.prometheus.LabelNames;
import io.sluice.exporters.prometheus.Rules;
import io.sluice.exporters.prometheus.Selection;
import io.sluice.exporters.prometheus.Strategy;
import io.sluice.transport.http.HttpClientConfig;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `prometheus_remote_write`.
public record PrometheusRemoteWriteConfig(
    @Squash HttpClientConfig client,
    @Doc("The HTTP settings in a section of their own; those beside it do not count then.")
        Optional<HttpClientConfig> http,
    @Doc("Put before each metric's name, with an underscore; empty for none.") String namespace,
    @Doc("Labels for all series that have none of that name.") Map<String, String> externalLabels,
    @Doc("Put unit and type behind names; translation_strategy wins.") boolean addMetricSuffixes,
    @Doc("How names are made; the last two need remote write 2.0.")
        @Unless("UnderscoreEscapingWithSuffixes")
        Optional<Strategy> translationStrategy,
    @Doc("Send type, help and unit with remote write 1.0; 2.0 always has them.")
        boolean sendMetadata,
    @Doc("The series that says what is known of a resource.") TargetInfo targetInfo,
    @Doc("Leave out the labels otel_scope_name, otel_scope_version and those of its attributes.")
        boolean disableScopeInfo,
    @Doc("Attributes of the resource as labels.") Conversion resourceToTelemetryConversion,
    @Doc("Attributes of the resource as labels, chosen by their keys.")
        Selection resourceConstantLabels,
    @Doc("Attributes of the resource that become labels, where a point has none of that name.")
        List<String> promoteResourceAttributes,
    @Doc("Where batches wait.") Queue remoteWriteQueue,
    @Doc(
            "Where batches wait, in place of remote_write_queue, for the sake of storage and batch. Batches are sent"
                + " one after the other, num_consumers requests of one at a time.")
        Optional<SendingQueue> sendingQueue,
    @Doc("What happens when an attempt fails.") RetryConfig retryOnFailure,
    @Doc("Try again after 429; else what is throttled is lost.") @Key("retry_on_http_429")
        boolean retryOnHttp429,
    @Doc("Split a batch into requests of at most so many bytes, uncompressed; 0 for 3000000.")
        int maxBatchSizeBytes,
    @Doc("Requests of one batch at the same time; absent for num_consumers of the queue.")
        Optional<Integer> maxBatchRequestParallelism,
    @Unsupported("use sending_queue with storage, which keeps batches on disk until delivered")
        @Doc("A log on disk before sending.")
        Optional<WriteAheadLog> wal,
    @Doc("Which message is sent: remote write 1.0 or 2.0.") Protocol protobufMessage,
    @Doc("Metadata of the request that become headers.") List<String> includeMetadataKeys,
    @Doc("Send histograms as native ones with custom buckets.")
        boolean convertExplicitHistogramsToNhcb,
    @Doc("With convert_explicit_histograms_to_nhcb: send the classic series too.")
        boolean keepClassicHistograms)
    implements Checked {
  private static final int BATCH_BYTES = 3_000_000;
  private static final int WRITE_BUFFER_BYTES = 512 << 10;
  private static final Set<String> OWN_HEADERS =
      Set.of("content-encoding", "content-type", "user-agent", "x-prometheus-remote-write-version");

  public PrometheusRemoteWriteConfig {
    externalLabels = Map.copyOf(externalLabels);
    promoteResourceAttributes = List.copyOf(promoteResourceAttributes);
    includeMetadataKeys = List.copyOf(includeMetadataKeys);
  }

  /// `target_info`.
  public record TargetInfo(
      @Doc("Send target_info for each resource with more attributes than make job and instance.")
          boolean enabled) {}

  /// `resource_to_telemetry_conversion`.
  public record Conversion(
      @Doc("Make labels of all attributes of the resource.") boolean enabled,
      @Doc("But not of service.name, service.namespace and service.instance.id.")
          boolean excludeServiceAttributes) {}

  /// `remote_write_queue`.
  public record Queue(
      @Doc("Answer when a batch is in the queue; else when it has been delivered.") boolean enabled,
      @Doc("How many batches the queue holds.") int queueSize,
      @Doc("Requests of one batch at the same time, unless max_batch_request_parallelism says.")
          int numConsumers)
      implements Checked {
    @Override
    public void check(Findings findings) {
      findings.require(
          !enabled || queueSize > 0, "queue_size", queueSize + " (expected: more than 0)");
      findings.require(numConsumers >= 0, "num_consumers", numConsumers + " (expected: >= 0)");
    }
  }

  /// `sending_queue`. Its switch is its own, so that written and off differs from absent: then there is no queue.
  public record SendingQueue(
      @Doc("Answer when a batch is in the queue; else when it has been delivered.") boolean enabled,
      @Squash QueueConfig queue) {
    public static SendingQueue defaults() {
      return new SendingQueue(true, QueueConfig.defaults());
    }
  }

  /// `wal`.
  public record WriteAheadLog(
      @Doc("Where it is.") String directory,
      @Doc("Batches in memory.") int bufferSize,
      @Doc("How often what was sent is removed.") Duration truncateFrequency,
      @Doc("How often the lag is measured.") Duration lagRecordFrequency) {
    public static WriteAheadLog defaults() {
      return new WriteAheadLog("", 300, Duration.ofMinutes(1), Duration.ofSeconds(15));
    }
  }

  public static PrometheusRemoteWriteConfig defaults() {
    return new PrometheusRemoteWriteConfig(
        HttpClientConfig.defaults().with("", Duration.ofSeconds(5), "", WRITE_BUFFER_BYTES),
        Optional.empty(),
        "",
        Map.of(),
        true,
        Optional.empty(),
        false,
        new TargetInfo(true),
        false,
        new Conversion(false, false),
        Selection.defaults(),
        List.of(),
        new Queue(true, 10_000, 5),
        Optional.empty(),
        new RetryConfig(
            true, Duration.ofMillis(50), 0.5, 1.5, Duration.ofSeconds(30), Optional.empty()),
        true,
        BATCH_BYTES,
        Optional.empty(),
        Optional.empty(),
        Protocol.REMOTE_WRITE_1,
        List.of(),
        false,
        false);
  }

  /// The settings that count, without the headers that are not for users to choose.
  HttpClientConfig effectiveClient() {
    var chosen = chosen();
    var timeout = chosen.timeout().isZero() ? client.timeout() : chosen.timeout();
    var headers = new HashMap<>(chosen.headers());
    headers.keySet().removeIf(PrometheusRemoteWriteConfig::isFixed);
    return chosen
        .with(chosen.endpoint(), timeout, chosen.compression(), chosen.writeBufferSize())
        .with(headers, chosen.auth());
  }

  private HttpClientConfig chosen() {
    return http.orElse(client);
  }

  private static boolean isFixed(String header) {
    return OWN_HEADERS.contains(header.toLowerCase(Locale.ROOT));
  }

  URI uri() {
    return URI.create(chosen().endpoint());
  }

  Strategy strategy() {
    return translationStrategy.orElse(
        addMetricSuffixes ? Strategy.UNDERSCORES_AND_SUFFIXES : Strategy.UNDERSCORES);
  }

  Rules rules() {
    var names = new LabelNames(Strategy.UNDERSCORES);
    var external = new HashMap<String, String>();
    externalLabels.forEach((name, value) -> external.put(names.of(name), value));
    return new Rules(
        namespace,
        strategy(),
        external,
        targetInfo.enabled,
        !disableScopeInfo,
        new Rules.Promotion(
            resourceConstantLabels.or(
                resourceToTelemetryConversion.enabled,
                resourceToTelemetryConversion.excludeServiceAttributes),
            promoteResourceAttributes),
        convertExplicitHistogramsToNhcb,
        keepClassicHistograms);
  }

  /// One consumer: a second would overtake the first.
  Optional<QueueConfig> queue() {
    if (sendingQueue.isPresent()) {
      return sendingQueue
          .filter(SendingQueue::enabled)
          .map(SendingQueue::queue)
          .map(q ->
              new QueueConfig(
                  q.sizer(),
                  q.queueSize(),
                  1,
                  q.blockOnOverflow(),
                  q.waitForResult(),
                  q.storage(),
                  q.batch()));
    }
    return remoteWriteQueue.enabled
        ? Optional.of(
            new QueueConfig(
                Optional.empty(),
                remoteWriteQueue.queueSize,
                1,
                false,
                false,
                Optional.empty(),
                Optional.empty()))
        : Optional.empty();
  }

  /// Whether what is rejected is kept as a dead letter.
  boolean keepsDeadLetters() {
    return queue().flatMap(QueueConfig::storage).isPresent();
  }

  int requestsMax() {
    int consumers =
        sendingQueue.map(each -> each.queue.numConsumers()).orElse(remoteWriteQueue.numConsumers);
    return Math.max(1, maxBatchRequestParallelism.orElse(consumers));
  }

  int requestBytesMax() {
    return maxBatchSizeBytes == 0 ? BATCH_BYTES : maxBatchSizeBytes;
  }

  @Override
  public void check(Findings findings) {
    resourceConstantLabels.check(resourceToTelemetryConversion.enabled, findings);
    checkClient(http.isPresent() ? "http::" : "", chosen(), findings);
    findings.require(
        maxBatchSizeBytes >= 0,
        "max_batch_size_bytes",
        maxBatchSizeBytes + " (expected: >= 0, 0 for " + BATCH_BYTES + ")");
    maxBatchRequestParallelism.ifPresent(parallelism ->
        findings.require(
            parallelism >= 1,
            "max_batch_request_parallelism",
            parallelism + " (expected: at least 1)"));
    findings.require(
        strategy().escapes() || protobufMessage == Protocol.REMOTE_WRITE_2,
        "translation_strategy",
        "names that are not escaped, with remote write 1.0 (expected: protobuf_message:"
            + " io.prometheus.write.v2.Request beside it)");
    findings.require(
        externalLabels.entrySet().stream()
            .noneMatch(label -> label.getKey().isEmpty() || label.getValue().isEmpty()),
        "external_labels",
        "an empty name or value (expected: neither)");
    for (var name : externalLabels.keySet()) {
      findings.require(
          name.isEmpty() || !new LabelNames(strategy()).of(name).isEmpty(),
          "external_labels",
          "'" + name + "' (expected: a name of more than underscores)");
    }
    for (var key : includeMetadataKeys) {
      findings.require(
          !isFixed(key),
          "include_metadata_keys",
          "'" + key + "' (expected: no header of remote write itself)");
    }
    if (!retryOnHttp429) {
      findings.warning(
          "retry_on_http_429", "false: what a destination throttles is lost (expected: true)");
    }
  }

  private static void checkClient(String section, HttpClientConfig client, Findings findings) {
    var compression = client.compression();
    findings.require(
        compression.isEmpty() || compression.equals("snappy"),
        section + "compression",
        "'" + compression + "' (expected: snappy, or nothing)");
    for (var header : client.headers().keySet()) {
      if (isFixed(header)) {
        findings.warning(
            section + "headers", "'" + header + "' has no effect: remote write says what it is");
      }
    }
    if (client.endpoint().isEmpty()) {
      findings.error(
          section + "endpoint", "missing (expected: a URL, as in http://host:9090/api/v1/write)");
      return;
    }
    try {
      var uri = URI.create(client.endpoint());
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      findings.require(
          web && uri.getHost() != null,
          section + "endpoint",
          "'"
              + client.endpoint().replaceAll("[^/]*@", "***@")
              + "' (expected: http:// or https:// with a host)");
      findings.require(
          uri.getUserInfo() == null,
          section + "endpoint",
          "with a user in it (expected: none; auth::authenticator with a basicauth extension)");
    } catch (IllegalArgumentException _) {
      findings.error(section + "endpoint", "not a URL (expected: http://host:port/path)");
    }
  }
}
