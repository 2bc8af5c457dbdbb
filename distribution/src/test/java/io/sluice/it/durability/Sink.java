package io.sluice.it.durability;

import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.sluice.transport.RpcStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A backend that does what its script says and writes down what it took.
final class Sink implements AutoCloseable {
  static final MethodDescriptor<byte[], byte[]> EXPORT =
      method("opentelemetry.proto.collector.trace.v1.TraceService/Export");
  static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  static final Metadata.Key<String> CONTENT_TYPE =
      Metadata.Key.of("content-type", Metadata.ASCII_STRING_MARSHALLER);
  private static final int REQUEST_BYTES_MAX = 64 << 20;

  /// What to do with a request.
  sealed interface Reply {
    record Take() implements Reply {}

    record Refuse(Status status, Optional<Duration> delay) implements Reply {}

    /// Never answers.
    record Hang() implements Reply {}

    /// Takes it and says that it failed: a duplicate will come.
    record TakeAndFail() implements Reply {}
  }

  /// Safe on any thread.
  @FunctionalInterface
  interface Script {
    /// @param items of the request that are as they were made
    /// @param bytes of the request
    Reply reply(Set<Long> items, int bytes);
  }

  static final Script UP = (_, _) -> new Reply.Take();
  static final Script DOWN = (_, _) -> new Reply.Refuse(Status.UNAVAILABLE, Optional.empty());
  static final Script HANGING = (_, _) -> new Reply.Hang();

  private final Requests requests;
  private final Server server;
  private volatile Script script = UP;

  /// How often each item was taken.
  final Map<Long, AtomicInteger> taken = new ConcurrentHashMap<>();

  /// What is no item, or was changed on its way.
  final Queue<String> strange = new ConcurrentLinkedQueue<>();

  final AtomicLong calls = new AtomicLong();
  final AtomicLong failures = new AtomicLong();

  Sink(Requests requests) {
    this.requests = requests;
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .fallbackHandlerRegistry(new Everything())
              .maxInboundMessageSize(REQUEST_BYTES_MAX)
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    var raw =
        new MethodDescriptor.Marshaller<byte[]>() {
          @Override
          public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
          }

          @Override
          public byte[] parse(InputStream stream) {
            try {
              return stream.readAllBytes();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(name)
        .setRequestMarshaller(raw)
        .setResponseMarshaller(raw)
        .build();
  }

  int port() {
    return server.getPort();
  }

  void plays(Script script) {
    this.script = script;
  }

  private final class Everything extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
      return ServerMethodDefinition.create(
          method(name), ServerCalls.asyncUnaryCall(Sink.this::take));
    }
  }

  private void take(byte[] request, StreamObserver<byte[]> answer) {
    calls.incrementAndGet();
    var items = ConcurrentHashMap.<Long>newKeySet();
    var odd = new ConcurrentLinkedQueue<String>();
    requests.read(request, items::add, odd::add);
    switch (script.reply(items, request.length)) {
      case Reply.Take() -> {
        note(items, odd);
        answer.onNext(new byte[0]);
        answer.onCompleted();
      }
      case Reply.Refuse(var status, var delay) -> {
        failures.incrementAndGet();
        answer.onError(status.asRuntimeException(trailers(status, delay)));
      }
      case Reply.Hang() -> failures.incrementAndGet();
      case Reply.TakeAndFail() -> {
        failures.incrementAndGet();
        note(items, odd);
        answer.onError(Status.UNAVAILABLE.withDescription("taken").asRuntimeException());
      }
    }
  }

  private void note(Set<Long> items, Queue<String> odd) {
    items.forEach(item -> taken.computeIfAbsent(item, _ -> new AtomicInteger()).incrementAndGet());
    strange.addAll(odd);
  }

  private static Metadata trailers(Status status, Optional<Duration> delay) {
    var trailers = new Metadata();
    if (delay.isPresent()) {
      var details = new RpcStatus(status.getCode().value(), "later", delay.get());
      trailers.put(DETAILS, details.toProtobuf().toArray());
    }
    return trailers;
  }

  /// How many items were taken more than once, each counted as often as it was too much.
  long duplicates() {
    return taken.values().stream().mapToLong(times -> times.get() - 1L).sum();
  }

  Set<Long> items() {
    return taken.keySet().stream().collect(Collectors.toSet());
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
