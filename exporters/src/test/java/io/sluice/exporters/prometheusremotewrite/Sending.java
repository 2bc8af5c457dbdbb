package io.sluice.exporters.prometheusremotewrite;

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
import java.util.Map;
import java.util.random.RandomGenerator;

/// An exporter on a loop of its own, configured by YAML, that sends to a receiver.
final class Sending implements AutoCloseable {
  final Telemetry telemetry = Telemetry.silent();
  private final TransportLoops loops = TransportLoops.of(1, 1);
  private final Loop loop = loops.home(Loop.Family.HTTP);
  private final Exporter exporter;

  /// @param yaml without an endpoint
  Sending(String yaml, String endpoint) throws Exception {
    var body = yaml.strip().equals("{}") ? "" : yaml;
    var config =
        ConfigContract.bind(
            new PrometheusRemoteWriteFactory(), body + "\nendpoint: \"" + endpoint + "\"\n");
    exporter =
        new PrometheusRemoteWriteExporter(
            config,
            Contexts.of(Kind.EXPORTER, "prometheus_remote_write/2", telemetry, loop),
            Map.of(),
            RandomGenerator.getDefault());
    OnLoop.<Void>run(loop, exporter::start);
  }

  Outcome send(Batch batch) throws Exception {
    return OnLoop.run(loop, () -> exporter.accept(batch));
  }

  static Batch batch(String json) {
    var checked =
        Validate.request(Signal.METRICS, OtlpJson.decode(Signal.METRICS, Bytes.utf8(json)));
    return Batch.of(Signal.METRICS, checked.otlp(), checked.items());
  }

  /// Gauges `name-0`, `name-1`, ... of one point each.
  static Batch gauges(String name, int count) {
    var metrics = new StringBuilder();
    for (int i = 0; i < count; i++) {
      metrics
          .append(i == 0 ? "" : ",")
          .append(
              "{\"name\":\"%s-%d\",\"gauge\":{\"dataPoints\":[{\"timeUnixNano\":\"1700000060000000000\",\"asInt\":\"%d\"}]}}"
                  .formatted(name, i, i));
    }
    return batch("{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[" + metrics + "]}]}]}");
  }

  double count(String counter) {
    return telemetry.registry().find(counter).counters().stream()
        .mapToDouble(io.micrometer.core.instrument.Counter::count)
        .sum();
  }

  @Override
  public void close() throws Exception {
    OnLoop.<Void>run(loop, exporter::stop);
    loops.close();
  }
}
