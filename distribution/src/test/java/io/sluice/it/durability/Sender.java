package io.sluice.it.durability;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.sluice.it.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Sends one request after the other on each of its connections, through any number of lives of the
/// gateway. A request that was not taken is not sent again: what arrives twice was made twice by others.
final class Sender implements AutoCloseable {
  private static final int DEADLINE_SECONDS = 20;

  private final int port;
  private final Requests requests;
  private final Ledger ledger;
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<CompletableFuture<Void>> running = new ArrayList<>();

  /// The time of the last OK.
  private final AtomicLong lastNanos = new AtomicLong();

  /// @param pauseMs between two requests of a connection
  Sender(int port, Requests requests, Ledger ledger, int connections, int pauseMs) {
    this.port = port;
    this.requests = requests;
    this.ledger = ledger;
    for (int i = 0; i < connections; i++) {
      running.add(
          CompletableFuture.runAsync(
              () -> run(pauseMs), task -> Thread.ofPlatform().daemon().start(task)));
    }
  }

  private static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port)
        .usePlaintext()
        .directExecutor()
        .build();
  }

  /// Sends this one, which must be taken.
  static void one(int port, Requests requests, Ledger ledger, long id) {
    var channel = channel(port);
    try {
      var options = CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
      ClientCalls.blockingUnaryCall(channel, Sink.EXPORT, options, requests.bytes(id));
      ledger.acked.add(id);
    } finally {
      channel.shutdownNow();
    }
  }

  private void run(int pauseMs) {
    var channel = channel(port);
    try {
      while (!over.get()) {
        if (!send(channel, ledger.sent.getAndIncrement())) {
          channel.resetConnectBackoff();
          Eventually.pause();
        } else if (pauseMs > 0) {
          pause(pauseMs);
        }
      }
    } finally {
      channel.shutdownNow();
    }
  }

  private static void pause(int ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private boolean send(ManagedChannel channel, long id) {
    var options = CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    try {
      ClientCalls.blockingUnaryCall(channel, Sink.EXPORT, options, requests.bytes(id));
      ledger.acked.add(id);
      lastNanos.set(System.nanoTime());
      return true;
    } catch (StatusRuntimeException e) {
      failed(e);
      return false;
    }
  }

  private void failed(StatusRuntimeException e) {
    var status = e.getStatus();
    boolean answered = e.getTrailers() != null && e.getTrailers().containsKey(Sink.CONTENT_TYPE);
    switch (status.getCode()) {
      case RESOURCE_EXHAUSTED -> {
        if (e.getTrailers() != null && e.getTrailers().containsKey(Sink.DETAILS)) {
          ledger.refused.incrementAndGet();
        } else {
          ledger.rejected.incrementAndGet();
        }
      }
      case UNAVAILABLE, CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, DATA_LOSS ->
          (answered ? ledger.refused : ledger.unknown).incrementAndGet();
      default -> (answered ? ledger.rejected : ledger.unknown).incrementAndGet();
    }
    ledger.says(status.getCode() + ": " + status.getDescription());
  }

  long lastNanos() {
    return lastNanos.get();
  }

  /// Returns when so many more were answered with OK.
  void awaitMore(int more) {
    int from = ledger.acked.size();
    Eventually.happens(
        () -> ledger.acked.size() >= from + more,
        () -> "stuck at " + ledger.acked.size() + "; answers: " + ledger.words);
  }

  /// Returns when every connection has its last answer.
  @Override
  public void close() {
    over.set(true);
    running.forEach(CompletableFuture::join);
  }
}
