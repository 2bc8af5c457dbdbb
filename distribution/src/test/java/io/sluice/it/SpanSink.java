package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.data.Signal;
import io.sluice.testkit.Payloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A destination that knows the spans it was sent by their names.
final class SpanSink implements AutoCloseable {
  /// In a request of [#send].
  static final int SPANS = 3;

  final Set<String> names = ConcurrentHashMap.newKeySet();

  /// Spans in each request.
  final List<Integer> sizes = new CopyOnWriteArrayList<>();

  private final GrpcDestination destination;

  SpanSink() throws IOException {
    destination = new GrpcDestination(this::take);
  }

  private void take(byte[] request) {
    int size = 0;
    try {
      for (var resource : ExportTraceServiceRequest.parseFrom(request).getResourceSpansList()) {
        for (var scope : resource.getScopeSpansList()) {
          scope.getSpansList().forEach(span -> names.add(span.getName()));
          size += scope.getSpansCount();
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
    sizes.add(size);
  }

  int port() {
    return destination.port();
  }

  void up() {
    destination.answer(Status.OK, Optional.empty());
  }

  void down() {
    destination.answer(Status.UNAVAILABLE, Optional.empty());
  }

  void reject(String words) {
    destination.answer(Status.INVALID_ARGUMENT.withDescription(words), Optional.empty());
  }

  void awaitSpans(int count) {
    Eventually.happens(() -> names.size() == count, names::toString);
  }

  void awaitAll(Set<String> sent) {
    Eventually.happens(
        () -> names.containsAll(sent),
        () -> {
          var missing = new ArrayList<>(sent);
          missing.removeAll(names);
          return "lost: " + missing;
        });
  }

  /// Sends so many requests to the gateway, each of which is answered with OK.
  ///
  /// @return the names of their spans
  static Set<String> send(Gateway gateway, String prefix, int requests) {
    Set<String> names = ConcurrentHashMap.newKeySet();
    try (var grpc = new GrpcCaller(gateway.port("grpc"))) {
      for (int i = 0; i < requests; i++) {
        var request = Payloads.spans(prefix + i, SPANS).otlp().flatten().toArray();
        var answer = grpc.call(Signal.TRACES, request);
        assertThat(answer.code()).as(answer.message()).isEqualTo(Status.Code.OK);
        for (int j = 0; j < SPANS; j++) {
          names.add(prefix + i + "-" + j);
        }
      }
    }
    return names;
  }

  @Override
  public void close() {
    destination.close();
  }
}
