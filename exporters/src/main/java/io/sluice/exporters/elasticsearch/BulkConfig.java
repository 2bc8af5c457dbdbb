package io.sluice.exporters.elasticsearch;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Ignored;
import io.sluice.component.QueueConfig;
import io.sluice.component.QueueConfig.Batching;
import io.sluice.component.QueueConfig.Partition;
import io.sluice.component.QueueConfig.Sizer;
import io.sluice.component.RetryConfig;
import io.sluice.component.Secret;
import io.sluice.component.Squash;
import io.sluice.component.Unless;
import io.sluice.data.Signal;
import io.sluice.exporters.elasticsearch.document.DateSuffix;
import io.sluice.exporters.elasticsearch.document.Documents;
import io.sluice.exporters.elasticsearch.document.IndexNames;
import io.sluice.exporters.elasticsearch.document.Mode;
import io.sluice.exporters.elasticsearch.document.Rules;
import io.sluice.transport.http.HttpClientConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What `elasticsearch` and `opensearch` have in common.
public record BulkConfig(
    @Squash HttpClientConfig client,
    @Doc("Several places to send to, in turn; one that does not answer is left out for a while.")
        List<String> endpoints,
    @Doc("The id of a cluster of Elastic Cloud, in place of an endpoint.") String cloudid,
    @Doc("User for basic authentication.") String user,
    @Doc("Password for basic authentication.") Secret password,
    @Doc("Key of the API in its encoded form, in place of user and password.") Secret apiKey,
    @Doc("Index or data stream of all logs; empty to route each by its attributes.")
        String logsIndex,
    @Doc("Index or data stream of all metrics; empty to route each by its attributes.")
        String metricsIndex,
    @Doc("Index or data stream of all spans; empty to route each by its attributes.")
        String tracesIndex,
    @Ignored(ALWAYS_DYNAMIC) @Doc("Route logs by their attributes.") Switch logsDynamicIndex,
    @Ignored(ALWAYS_DYNAMIC) @Doc("Route metrics by their attributes.") Switch metricsDynamicIndex,
    @Ignored(ALWAYS_DYNAMIC) @Doc("Route spans by their attributes.") Switch tracesDynamicIndex,
    @Doc(
            "What the attribute elasticsearch.index may name must begin with one of these; none for"
                + " any index that is not hidden. Else the data stream counts.")
        List<String> allowedIndexPrefixes,
    @Doc("Let the attribute elasticsearch.document_id of a log record be the document's id.")
        Switch logsDynamicId,
    @Doc("Let the attribute elasticsearch.document_id of a span be the document's id.")
        Switch tracesDynamicId,
    @Doc("Let the attribute elasticsearch.ingest_pipeline of a log record name its pipeline.")
        Switch logsDynamicPipeline,
    @Doc("Make ids of what is in a document, so that one that is sent twice is stored once.")
        Switch contentIds,
    @Doc("Ingest pipeline for all documents; empty for none.") String pipeline,
    @Doc("What documents look like.") Mapping mapping,
    @Doc("A date behind the names of indices.") LogstashFormat logstashFormat,
    @Ignored("name all endpoints: nodes are not looked up") @Doc("Look for nodes of the cluster.")
        Discovery discover,
    @Doc("What happens when a request or a document fails for now.") Retry retry,
    @Doc("When to send; sending_queue::batch in newer configurations.") Flush flush,
    @Doc(
            "Requests at the same time; sending_queue::num_consumers in newer configurations. 0 for"
                + " what that says.")
        int numWorkers,
    @Doc("Where batches wait; on unless disabled.") Optional<QueueConfig> sendingQueue,
    @Ignored(
            "bodies are not logged, they hold the data of users; with a queue on disk dead letters"
                + " keep what failed")
        @Doc("What to log of requests.")
        LoggedBodies telemetry,
    @Doc("Whether errors quote the document; from Elasticsearch 8.18 on. Absent to leave it open.")
        Optional<Boolean> includeSourceOnError,
    @Doc("Request metadata that keeps batches apart.") List<String> metadataKeys,
    @Doc("Say nothing of documents that were there already.") boolean suppressConflictErrors,
    @Doc("What the server's answers hold; the status of each document has to be among it.")
        String bulkResponseFilterPath)
    implements Checked {
  static final String ALWAYS_DYNAMIC =
      "an index is dynamic unless logs_index, metrics_index or traces_index names one";
  private static final long BATCH_BYTES_MIN = 1_000_000;
  private static final long BATCH_BYTES_MAX = 5_000_000;
  private static final int QUEUE_SIZE = 1000;

  public BulkConfig {
    endpoints = List.copyOf(endpoints);
    allowedIndexPrefixes = List.copyOf(allowedIndexPrefixes);
    metadataKeys = List.copyOf(metadataKeys);
  }

  /// A section with nothing but `enabled`.
  public record Switch(@Doc("Whether it is on.") boolean enabled) {
    public static Switch defaults() {
      return new Switch(false);
    }
  }

  /// `mapping`.
  public record Mapping(
      @Doc(
              "Of what does not say by attribute elastic.mapping.mode of the scope or metadata"
                  + " X-Elastic-Mapping-Mode: opensearch only.")
          String mode,
      @Doc("Modes that data may ask for.") List<String> allowedModes,
      @Ignored("each key stands once in a document, the last value counts")
          @Doc("Remove duplicate keys.")
          boolean dedup,
      @Ignored("dots are objects in mapping mode ecs, and names everywhere else")
          @Doc("Make objects of dots.")
          boolean dedot) {
    public Mapping {
      allowedModes = List.copyOf(allowedModes);
    }
  }

  /// `logstash_format`.
  public record LogstashFormat(
      @Doc("Put the date behind each index.") boolean enabled,
      @Doc("What stands between.") String prefixSeparator,
      @Doc("The date, by strftime, in UTC.") String dateFormat) {}

  /// `discover`.
  public record Discovery(
      @Doc("At the start.") boolean onStart, @Doc("Again after this time.") Duration interval) {}

  /// `retry`.
  public record Retry(
      @Doc("Whether what failed for now is sent again.") boolean enabled,
      @Doc("Old name of one more than max_retries; 0 if not set.") int maxRequests,
      @Doc(
              "Give up after so many retries; absent for what a queue does: five minutes, with storage"
                  + " for ever.")
          Optional<Integer> maxRetries,
      @Doc("Wait after the first failure.") Duration initialInterval,
      @Doc("The wait grows no further than this.") Duration maxInterval,
      @Doc(
              "Statuses of requests and documents that are worth a retry; absent for 429 and all from"
                  + " 500 on.")
          @Unless("429, 5xx")
          Optional<List<Integer>> retryOnStatus) {
    /// Absent for no limit.
    Optional<Integer> retriesMax() {
      return maxRetries.or(
          () -> maxRequests > 0 ? Optional.of(maxRequests - 1) : Optional.<Integer>empty());
    }

    boolean worth(int status) {
      return retryOnStatus
          .map(statuses -> statuses.contains(status))
          .orElse(status == 429 || status >= 500);
    }
  }

  /// `flush`.
  public record Flush(
      @Doc("Largest request, uncompressed; 0 for what sending_queue::batch says.") long bytes,
      @Doc("Send after this time; 0 for what sending_queue::batch says.") Duration interval) {}

  /// `telemetry`.
  public record LoggedBodies(
      @Doc("Bodies of requests.") boolean logRequestBody,
      @Doc("Bodies of answers.") boolean logResponseBody,
      @Doc("Documents that failed.") boolean logFailedDocsInput,
      @Doc("How often at most.") Duration logFailedDocsInputRateLimit) {}

  public static BulkConfig defaults() {
    var off = new Switch(false);
    return new BulkConfig(
        HttpClientConfig.defaults().with("", Duration.ofSeconds(90), "gzip", 0),
        List.of(),
        "",
        "",
        new Secret(""),
        new Secret(""),
        "",
        "",
        "",
        off,
        off,
        off,
        List.of(),
        off,
        off,
        off,
        off,
        "",
        new Mapping("", List.of("bodymap", "ecs", "none", "otel", "raw"), true, true),
        new LogstashFormat(false, "-", "%Y.%m.%d"),
        new Discovery(false, Duration.ZERO),
        new Retry(
            true,
            0,
            Optional.empty(),
            Duration.ofMillis(100),
            Duration.ofMinutes(1),
            Optional.empty()),
        new Flush(0, Duration.ZERO),
        0,
        Optional.of(queueDefaults()),
        new LoggedBodies(false, false, false, Duration.ofSeconds(1)),
        Optional.empty(),
        List.of(),
        false,
        BulkAnswer.FILTER_PATH);
  }

  private static QueueConfig queueDefaults() {
    return new QueueConfig(
        Optional.empty(),
        QUEUE_SIZE,
        10,
        false,
        false,
        Optional.empty(),
        Optional.of(
            new Batching(
                Duration.ofSeconds(10),
                BATCH_BYTES_MIN,
                BATCH_BYTES_MAX,
                Optional.of(Sizer.BYTES),
                new Partition(List.of()))));
  }

  /// Where documents go, in the order they were written.
  ///
  /// @param environment for ELASTICSEARCH_URL, which counts if nothing else is said
  /// @throws IllegalArgumentException if that is nowhere or no place
  List<String> places(Map<String, String> environment) {
    if (!cloudid.isEmpty()) {
      return List.of(CloudId.endpoint(cloudid));
    }
    if (!client.endpoint().isEmpty()) {
      return List.of(client.endpoint());
    }
    if (!endpoints.isEmpty()) {
      return endpoints;
    }
    var said = environment.getOrDefault("ELASTICSEARCH_URL", "");
    return Arrays.stream(said.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  /// With the header for who we are, unless an extension says that.
  HttpClientConfig effectiveClient() {
    var authorization = authorization();
    if (authorization.isEmpty()) {
      return client;
    }
    var headers = new HashMap<>(client.headers());
    headers.put("Authorization", new Secret(authorization));
    return new HttpClientConfig(
        client.endpoint(),
        client.proxyUrl(),
        client.tls(),
        headers,
        client.auth(),
        client.middlewares(),
        client.timeout(),
        client.compression(),
        client.compressionParams(),
        client.readBufferSize(),
        client.writeBufferSize(),
        client.maxIdleConns(),
        client.maxIdleConnsPerHost(),
        client.maxConnsPerHost(),
        client.idleConnTimeout(),
        client.disableKeepAlives(),
        client.http2ReadIdleTimeout(),
        client.http2PingTimeout(),
        client.forceAttemptHttp2(),
        client.cookies());
  }

  private String authorization() {
    if (!apiKey.value().isEmpty()) {
      return "ApiKey " + apiKey.value();
    }
    if (user.isEmpty()) {
      return "";
    }
    var both = (user + ":" + password.value()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  Rules rules(Dialect dialect) {
    var indices = new HashMap<Signal, String>();
    put(indices, Signal.LOGS, logsIndex);
    put(indices, Signal.METRICS, metricsIndex);
    put(indices, Signal.TRACES, tracesIndex);
    var allowed = new HashSet<Mode>();
    mapping.allowedModes.forEach(name -> Mode.of(name).ifPresent(allowed::add));
    return new Rules(
        indices,
        dialect.dataset(),
        dialect.namespace(),
        allowedIndexPrefixes,
        logstashFormat.enabled
            ? Optional.of(new DateSuffix(logstashFormat.prefixSeparator, logstashFormat.dateFormat))
            : Optional.empty(),
        dialect.standard(),
        allowed,
        ownIds(),
        logsDynamicPipeline.enabled,
        contentIds.enabled,
        dialect.extras(),
        dialect.action());
  }

  private static void put(Map<Signal, String> indices, Signal signal, String name) {
    if (!name.isEmpty()) {
      indices.put(signal, name);
    }
  }

  private Set<Signal> ownIds() {
    var signals = EnumSet.noneOf(Signal.class);
    if (logsDynamicId.enabled) {
      signals.add(Signal.LOGS);
    }
    if (tracesDynamicId.enabled) {
      signals.add(Signal.TRACES);
    }
    return signals;
  }

  RetryConfig retries() {
    return new RetryConfig(
        retry.enabled, retry.initialInterval, 0.5, 2, retry.maxInterval, Optional.empty());
  }

  /// With what the older keys say in place of its defaults.
  Optional<QueueConfig> queue() {
    return sendingQueue.map(queue ->
        new QueueConfig(
            queue.sizer(),
            queue.queueSize(),
            numWorkers > 0 && queue.numConsumers() == queueDefaults().numConsumers()
                ? numWorkers
                : queue.numConsumers(),
            queue.blockOnOverflow(),
            queue.waitForResult(),
            queue.storage(),
            queue.batch().map(this::batching)));
  }

  private Batching batching(Batching written) {
    var standard = queueDefaults().batch().orElseThrow();
    boolean untouched =
        written.flushTimeout().equals(standard.flushTimeout())
            && written.minSize() == standard.minSize()
            && written.maxSize() == standard.maxSize();
    long max = untouched && flush.bytes > 0 ? flush.bytes : written.maxSize();
    return new Batching(
        untouched && flush.interval.isPositive() ? flush.interval : written.flushTimeout(),
        max > 0 ? Math.min(written.minSize(), max) : written.minSize(),
        max,
        written.sizer(),
        new Partition(
            withMode(metadataKeys.isEmpty() ? written.partition().metadataKeys() : metadataKeys)));
  }

  /// Batches of different mapping modes are not joined: what each asked for would be lost.
  private static List<String> withMode(List<String> keys) {
    boolean there = keys.stream().anyMatch(Documents.MODE_HEADER::equalsIgnoreCase);
    return there ? keys : Stream.concat(keys.stream(), Stream.of(Documents.MODE_HEADER)).toList();
  }

  boolean keepsDeadLetters() {
    return sendingQueue.flatMap(QueueConfig::storage).isPresent();
  }

  /// The largest request, uncompressed, but for a document that is larger alone.
  int requestBytesMax() {
    long max =
        queue()
            .flatMap(QueueConfig::batch)
            .filter(batch -> batch.sizer().orElse(Sizer.ITEMS) == Sizer.BYTES)
            .map(Batching::maxSize)
            .filter(bytes -> bytes > 0)
            .orElse(BATCH_BYTES_MAX);
    return (int) Math.min(max, Integer.MAX_VALUE / 4);
  }

  /// The same with other HTTP settings; what these leave open stays.
  BulkConfig with(HttpClientConfig section) {
    var chosen =
        section.with(
            section.endpoint(),
            section.timeout().isZero() ? client.timeout() : section.timeout(),
            section.compression().isEmpty() ? client.compression() : section.compression(),
            section.writeBufferSize());
    return new BulkConfig(
        chosen,
        endpoints,
        cloudid,
        user,
        password,
        apiKey,
        logsIndex,
        metricsIndex,
        tracesIndex,
        logsDynamicIndex,
        metricsDynamicIndex,
        tracesDynamicIndex,
        allowedIndexPrefixes,
        logsDynamicId,
        tracesDynamicId,
        logsDynamicPipeline,
        contentIds,
        pipeline,
        mapping,
        logstashFormat,
        discover,
        retry,
        flush,
        numWorkers,
        sendingQueue,
        telemetry,
        includeSourceOnError,
        metadataKeys,
        suppressConflictErrors,
        bulkResponseFilterPath);
  }

  @Override
  public void check(Findings findings) {
    new BulkCheck(this, findings).run();
  }

  /// The date that the format makes, or why it makes none.
  ///
  /// @throws IllegalArgumentException if a directive is not known
  String date(Instant at) {
    return new DateSuffix(logstashFormat.prefixSeparator, logstashFormat.dateFormat).at(at);
  }

  static String wrongIndex(String name) {
    return IndexNames.wrong(name);
  }
}
