package io.sluice.receivers.otlp;

import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.sluice.component.ComponentContext;
import io.sluice.component.Inlets;
import io.sluice.data.Signal;
import io.sluice.transport.auth.ServerAuthenticator;
import io.sluice.transport.grpc.GrpcListener;
import io.sluice.transport.grpc.GrpcMessage;
import io.sluice.transport.grpc.GrpcServerConfig;
import io.sluice.transport.grpc.OtlpMethods;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// OTLP over gRPC. Each loop has an inner side of its own, so that nothing is shared between them.
final class GrpcSide {
  private final GrpcServerConfig config;
  private final ComponentContext context;
  private final List<GrpcIntake> intakes = new ArrayList<>();
  private final Map<String, ServerMethodDefinition<GrpcMessage, GrpcMessage>> methods =
      new HashMap<>();
  private @Nullable GrpcListener listener;

  GrpcSide(GrpcServerConfig config, ComponentContext context, Inlets inlets, Answers answers) {
    this.config = config;
    this.context = context;
    for (var loop : GrpcListener.loopsOf(context)) {
      var intake = new Intake(context, inlets, loop, "grpc");
      intakes.add(new GrpcIntake(config, context, intake, loop, answers));
    }
    for (var signal : Signal.values()) {
      var method = OtlpMethods.export(signal, context.budget().arrays());
      methods.put(
          method.getFullMethodName(), ServerMethodDefinition.create(method, new Handler(signal)));
    }
  }

  Future<Void> start() {
    try {
      Optional<Supplier<ServerAuthenticator>> authenticator =
          config.auth().map(auth -> auth.find(ServerAuthenticator.class, context));
      intakes.forEach(intake -> intake.open(authenticator));
    } catch (IllegalStateException e) {
      return Future.failedFuture(e);
    }
    return GrpcListener.start(config, context, new Methods(), new Streams())
        .<Void>map(started -> {
          listener = started;
          for (var address : started.addresses()) {
            context.log().info("Starting GRPC server", "endpoint", OtlpReceiver.text(address));
          }
          return null;
        })
        .recover(
            cause -> Future.failedFuture(OtlpReceiver.atStart("grpc", config.endpoint(), cause)));
  }

  Future<Void> stop(Duration grace) {
    return (listener == null ? Future.<Void>succeededFuture() : listener.stop(grace))
        .andThen((_, _) -> intakes.forEach(GrpcIntake::close));
  }

  void handOver(boolean givesWay) {
    if (listener != null) {
      listener.handOver(givesWay);
    }
  }

  List<InetSocketAddress> addresses() {
    return listener == null ? List.of() : listener.addresses();
  }

  /// Which of the loops we are on. There are few, and mostly one.
  private GrpcIntake here() {
    for (var intake : intakes) {
      if (intake.loop().inLoop()) {
        return intake;
      }
    }
    throw new IllegalStateException("call on a foreign thread: " + Thread.currentThread());
  }

  /// A signal without a pipeline is a service we do not have. Which ones there are may change while we
  /// run.
  private final class Methods extends HandlerRegistry {
    @Override
    public @Nullable ServerMethodDefinition<?, ?> lookupMethod(
        String name, @Nullable String authority) {
      return methods.get(name);
    }

    @Override
    public List<ServerServiceDefinition> getServices() {
      return List.of();
    }
  }

  private final class Streams extends ServerStreamTracer.Factory {
    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
      return here().stream(headers);
    }
  }

  private final class Handler implements ServerCallHandler<GrpcMessage, GrpcMessage> {
    private final Signal signal;

    Handler(Signal signal) {
      this.signal = signal;
    }

    @Override
    public ServerCall.Listener<GrpcMessage> startCall(
        ServerCall<GrpcMessage, GrpcMessage> call, Metadata headers) {
      var intake = here();
      if (!intake.serves(signal)) {
        call.close(
            Status.UNIMPLEMENTED.withDescription(
                "unknown service " + OtlpMethods.serviceOf(signal)),
            new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return intake.begin(signal, call, headers);
    }
  }
}
