package io.sluice.component;

public non-sealed interface ExporterFactory<C extends Record> extends ComponentFactory<C> {
  Exporter create(C config, ComponentContext context);

  /// What the gateway puts before it. Most exporters return their own `timeout`,
  /// `retry_on_failure` and `sending_queue`.
  default Delivery delivery(C config) {
    return Delivery.DIRECT;
  }

  /// On which kind of loop it sends.
  default Loop.Family family(C config) {
    return Loop.Family.HTTP;
  }

  @Override
  default Kind kind() {
    return Kind.EXPORTER;
  }
}
