package io.sluice.exporters.elasticsearch;

import io.micrometer.core.instrument.Counter;
import io.sluice.component.Exporter;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.config.ConfigContract;
import io.sluice.data.Batch;
import io.sluice.data.OtlpJson;
import io.sluice.data.Signal;
import io.sluice.data.Validate;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Telemetry;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.OnLoop;
import io.sluice.transport.TransportLoops;
import io.sluice.wire.Bytes;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// An exporter on a loop of its own, configured by YAML.
final class Sending implements AutoCloseable {
  /// Of which an exporter only takes that it is there.
  static final String STORED = "sending_queue: {storage: file_storage}\n";

  final Telemetry telemetry = Telemetry.silent();
  private final TransportLoops loops = TransportLoops.of(1, 1);
  private final Loop loop = loops.home(Loop.Family.HTTP);
  private final Exporter exporter;

  private Sending(BulkConfig config, Dialect dialect, InstantSource clock) throws Exception {
    var context = Contexts.of(Kind.EXPORTER, "elasticsearch/2", telemetry, loop);
    exporter = new ElasticsearchExporter(config, dialect, Contexts.at(clock, context), Map.of());
    OnLoop.<Void>run(loop, exporter::start);
  }

  /// @param endpoints where to send; the configuration has none
  static Sending elasticsearch(String yaml, String... endpoints) throws Exception {
    return elasticsearch(yaml, InstantSource.system(), endpoints);
  }

  static Sending elasticsearch(String yaml, InstantSource clock, String... endpoints)
      throws Exception {
    var config = ConfigContract.bind(new ElasticsearchFactory(), body(yaml, endpoints));
    return new Sending(config.bulk(), Dialect.ELASTICSEARCH, clock);
  }

  static Sending opensearch(String yaml, String... endpoints) throws Exception {
    return opensearch(yaml, InstantSource.system(), endpoints);
  }

  static Sending opensearch(String yaml, InstantSource clock, String... endpoints)
      throws Exception {
    var config = ConfigContract.bind(new OpensearchFactory(), body(yaml, endpoints));
    return new Sending(config.effective(), config.dialect(), clock);
  }

  private static String body(String yaml, String... endpoints) {
    var body = yaml.strip().equals("{}") ? "" : yaml;
    return body + "\nendpoints: [\"" + String.join("\", \"", endpoints) + "\"]\n";
  }

  Outcome send(Batch batch) throws Exception {
    return OnLoop.run(loop, () -> exporter.accept(batch));
  }

  /// As [#send], without waiting for the outcome.
  CompletableFuture<Outcome> begin(Batch batch) {
    var outcome = new CompletableFuture<Outcome>();
    loop.execute(
        () -> exporter.accept(batch).onComplete(outcome::complete, outcome::completeExceptionally));
    return outcome;
  }

  static Batch batch(String json) {
    var signal =
        json.contains("\"resourceLogs\"")
            ? Signal.LOGS
            : json.contains("\"resourceSpans\"") ? Signal.TRACES : Signal.METRICS;
    var checked = Validate.request(signal, OtlpJson.decode(signal, Bytes.utf8(json)));
    return Batch.of(signal, checked.otlp(), checked.items());
  }

  /// The body of its last record, and how many there are.
  static String culprit(Outcome.Culprit culprit) {
    var otlp = culprit.batch().otlp().flatten().utf8();
    return otlp.replaceAll("(?s).*(a-\\d).*", "$1") + "*" + culprit.batch().items();
  }

  double count(String counter, String... labels) {
    return telemetry.registry().find(counter).tags(labels).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  @Override
  public void close() throws Exception {
    OnLoop.<Void>run(loop, exporter::stop);
    loops.close();
  }
}
