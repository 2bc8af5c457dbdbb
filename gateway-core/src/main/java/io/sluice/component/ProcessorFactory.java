package io.sluice.component;

import io.sluice.pipeline.BatchSink;
import java.util.Optional;

public non-sealed interface ProcessorFactory<C extends Record> extends ComponentFactory<C> {
  Processor create(C config, ComponentContext context, BatchSink next);

  default Placement placement() {
    return Placement.EVERY_LOOP;
  }

  /// Whether it has `otelcol_processor_incoming_items` and `outgoing_items`; those with metrics of
  /// their own instead have not.
  default boolean metersItems() {
    return true;
  }

  /// True if it accepts a batch before the next sink has; what it then holds is lost in a crash.
  default boolean answersEarly() {
    return false;
  }

  /// What a queue on disk can do in its place where it is the last before it; empty if it does more than
  /// join batches.
  default Optional<Joining> joining(C config) {
    return Optional.empty();
  }

  @Override
  default Kind kind() {
    return Kind.PROCESSOR;
  }
}
