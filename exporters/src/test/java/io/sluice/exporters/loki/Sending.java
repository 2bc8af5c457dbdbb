package io.sluice.exporters.loki;

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
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// An exporter on a loop of its own, configured by YAML.
final class Sending implements AutoCloseable {
  static final long TIME = 1_700_000_000_000_000_000L;
  private static final int SEED = 1;

  /// What it said to its user, without the fields.
  final List<String> log = new CopyOnWriteArrayList<>();

  private final Telemetry telemetry = Telemetry.silent();
  private final TransportLoops loops = TransportLoops.of(1, 1);
  private final Loop loop = loops.home(Loop.Family.HTTP);
  private final Exporter exporter;

  /// @param yaml without an endpoint
  Sending(String yaml, String endpoint) throws Exception {
    var body = yaml.strip().equals("{}") ? "" : yaml;
    var config =
        ConfigContract.bind(new LokiFactory(), body + "\nendpoint: \"" + endpoint + "\"\n");
    exporter =
        new LokiExporter(
            config,
            Contexts.with(
                (_, message, _) -> log.add(message),
                Contexts.of(Kind.EXPORTER, "loki/2", telemetry, loop)),
            Map.of(),
            new SplittableRandom(SEED));
    OnLoop.<Void>run(loop, exporter::start);
  }

  Outcome send(Batch batch) throws Exception {
    return OnLoop.run(loop, () -> exporter.accept(batch));
  }

  static Batch batch(String json) {
    var checked = Validate.request(Signal.LOGS, OtlpJson.decode(Signal.LOGS, Bytes.utf8(json)));
    return Batch.of(Signal.LOGS, checked.otlp(), checked.items());
  }

  /// One resource with records `name-0`, `name-1`, ... one second apart.
  static String resource(String service, String name, int count) {
    var records =
        IntStream.range(0, count)
            .mapToObj(i ->
                "{\"timeUnixNano\":\"%d\",\"body\":{\"stringValue\":\"%s-%d\"}}"
                    .formatted(TIME + i * 1_000_000_000L, name, i))
            .collect(Collectors.joining(","));
    return """
    {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"%s"}}]},
     "scopeLogs":[{"logRecords":[%s]}]}\
    """
        .formatted(service, records);
  }

  static Batch resources(String... resources) {
    return batch("{\"resourceLogs\":[" + String.join(",", resources) + "]}");
  }

  double count(String counter) {
    return telemetry.registry().find(counter).counters().stream().mapToDouble(Counter::count).sum();
  }

  @Override
  public void close() throws Exception {
    OnLoop.<Void>run(loop, exporter::stop);
    loops.close();
  }
}
