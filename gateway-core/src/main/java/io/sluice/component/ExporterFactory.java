package io.sluice.component;

import io.sluice.data.Signal;
import java.util.List;
import java.util.Map;

public non-sealed interface ExporterFactory<C extends Record> extends ComponentFactory<C> {
  Exporter create(C config, ComponentContext context);

  /// What the gateway puts before it. Most exporters return their own `timeout`,
  /// `retry_on_failure` and `sending_queue`.
  default Delivery delivery(C config) {
    return Delivery.DIRECT;
  }

  @Override
  default Map<String, Long> bytesAtOnce(C config) {
    return delivery(config)
        .queue()
        .filter(queue -> queue.unit() == QueueConfig.Sizer.BYTES && queue.storage().isEmpty())
        .map(queue -> Map.of("sending_queue::queue_size", queue.queueSize()))
        .orElse(Map.of());
  }

  /// On which kind of loop it sends.
  default Loop.Family family(C config) {
    return Loop.Family.HTTP;
  }

  /// One instance on each loop of the family, or one in all.
  default Placement placement() {
    return Placement.ONCE;
  }

  /// Keys of request metadata without which data would go to somebody else; whatever joins batches before it
  /// must keep their values apart.
  default List<String> metadataKeys(C config) {
    return List.of();
  }

  /// Labels of `otelcol_exporter_sent_*` besides `exporter`: name, value, name, value.
  default List<String> meterLabels(C config, Signal signal) {
    return List.of();
  }

  @Override
  default Kind kind() {
    return Kind.EXPORTER;
  }
}
