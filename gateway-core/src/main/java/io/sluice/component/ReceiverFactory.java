package io.sluice.component;

public non-sealed interface ReceiverFactory<C extends Record> extends ComponentFactory<C> {
  Receiver create(C config, ComponentContext context, Inlets inlets);

  @Override
  default Kind kind() {
    return Kind.RECEIVER;
  }
}
