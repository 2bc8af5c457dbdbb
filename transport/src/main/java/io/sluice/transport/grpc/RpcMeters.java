package io.sluice.transport.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.sluice.telemetry.Telemetry;
import io.sluice.telemetry.Telemetry.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `rpc.server.call.duration` and `rpc.client.call.duration`, as the Collector's gRPC library has them.
/// At level detailed only; below it costs a look at the level for each call.
final class RpcMeters {
  private static final String UNKNOWN_METHOD = "_OTHER";

  private final Telemetry telemetry;
  private final Set<String> methods;

  /// @param methods those that are told by name; what a sender makes up is not
  RpcMeters(Telemetry telemetry, Set<String> methods) {
    this.telemetry = telemetry;
    this.methods = Set.copyOf(methods);
  }

  ServerStreamTracer.Factory server() {
    var silent = new ServerStreamTracer() {};
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return telemetry.at(Level.DETAILED) ? new Served(method) : silent;
      }
    };
  }

  private final class Served extends ServerStreamTracer {
    private final String method;
    private final long begun = System.nanoTime();

    Served(String method) {
      this.method = method;
    }

    @Override
    public void streamClosed(Status status) {
      record(
          "rpc.server.call.duration",
          "Measures the duration of an incoming Remote Procedure Call (RPC).",
          begun,
          labels(method, status));
    }
  }

  ClientInterceptor client() {
    return new ClientInterceptor() {
      @Override
      public <A, B> ClientCall<A, B> interceptCall(
          MethodDescriptor<A, B> method, CallOptions options, Channel next) {
        var call = next.newCall(method, options);
        return telemetry.at(Level.DETAILED) ? new Called<>(call, method.getFullMethodName()) : call;
      }
    };
  }

  private final class Called<A, B> extends SimpleForwardingClientCall<A, B> {
    private final String method;
    private final long begun = System.nanoTime();

    Called(ClientCall<A, B> call, String method) {
      super(call);
      this.method = method;
    }

    @Override
    public void start(Listener<B> listener, Metadata headers) {
      super.start(
          new SimpleForwardingClientCallListener<>(listener) {
            @Override
            public void onClose(Status status, Metadata trailers) {
              var labels = labels(method, status);
              if (getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
                  instanceof InetSocketAddress peer) {
                labels.addAll(
                    List.of(
                        "server.address",
                        peer.getHostString(),
                        "server.port",
                        Integer.toString(peer.getPort())));
              }
              record(
                  "rpc.client.call.duration",
                  "Measures the duration of an outgoing Remote Procedure Call (RPC).",
                  begun,
                  labels);
              super.onClose(status, trailers);
            }
          },
          headers);
    }
  }

  private List<String> labels(String method, Status status) {
    return new ArrayList<>(
        List.of(
            "rpc.method",
            methods.contains(method) ? method : UNKNOWN_METHOD,
            "rpc.response.status_code",
            status.getCode().name(),
            "rpc.system.name",
            "grpc"));
  }

  private void record(String name, String help, long begun, List<String> labels) {
    telemetry
        .seconds(name, help, labels.toArray(String[]::new))
        .record((System.nanoTime() - begun) / 1e9);
  }
}
