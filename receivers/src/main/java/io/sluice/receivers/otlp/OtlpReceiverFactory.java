package io.sluice.receivers.otlp;

import io.sluice.component.ComponentContext;
import io.sluice.component.Inlets;
import io.sluice.component.Receiver;
import io.sluice.component.ReceiverFactory;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import io.sluice.transport.grpc.GrpcServerConfig;
import io.sluice.transport.http.HttpServerConfig;
import java.util.LinkedHashMap;
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
  public Map<String, Long> bytesAtOnce(OtlpReceiverConfig config) {
    var bytes = new LinkedHashMap<String, Long>();
    config
        .protocols()
        .grpc()
        .map(OtlpReceiverConfig.Grpc::server)
        .filter(server -> server.messageBytesMax() != GrpcServerConfig.defaults().messageBytesMax())
        .ifPresent(server ->
            bytes.put("protocols::grpc::max_recv_msg_size_mib", (long) server.messageBytesMax()));
    config
        .protocols()
        .http()
        .map(OtlpHttpConfig::server)
        .filter(server -> server.bodyBytesMax() != HttpServerConfig.defaults().bodyBytesMax())
        .ifPresent(server ->
            bytes.put("protocols::http::max_request_body_size", (long) server.bodyBytesMax()));
    return bytes;
  }

  @Override
  public Receiver create(OtlpReceiverConfig config, ComponentContext context, Inlets inlets) {
    return new OtlpReceiver(config, context, inlets, RandomGenerator.getDefault());
  }
}
