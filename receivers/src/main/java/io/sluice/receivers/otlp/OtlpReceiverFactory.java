package io.sluice.receivers.otlp;

import io.sluice.component.ComponentContext;
import io.sluice.component.Inlets;
import io.sluice.component.Receiver;
import io.sluice.component.ReceiverFactory;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Declares the `otlp` receiver.
public final class OtlpReceiverFactory implements ReceiverFactory<OtlpReceiverConfig> {
  @Override
  public String type() {
    return "otlp";
  }

  @Override
  public Map<Signal, Stability> signals() {
    return Map.of(
        Signal.TRACES, Stability.STABLE,
        Signal.METRICS, Stability.STABLE,
        Signal.LOGS, Stability.STABLE,
        Signal.PROFILES, Stability.ALPHA);
  }

  @Override
  public OtlpReceiverConfig defaults() {
    return OtlpReceiverConfig.defaults();
  }

  @Override
  public Receiver create(OtlpReceiverConfig config, ComponentContext context, Inlets inlets) {
    return new OtlpReceiver(config, context, inlets, RandomGenerator.getDefault());
  }
}
