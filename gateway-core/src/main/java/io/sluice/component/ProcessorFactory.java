package io.sluice.component;

import io.sluice.pipeline.BatchSink;

public non-sealed interface ProcessorFactory<C extends Record> extends ComponentFactory<C> {
  Processor create(C config, ComponentContext context, BatchSink next);

  default Placement placement() {
    return Placement.EVERY_LOOP;
  }

  @Override
  default Kind kind() {
    return Kind.PROCESSOR;
  }
}
