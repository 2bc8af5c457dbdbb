package io.sluice.benchmarks;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.sluice.data.Signal;
import io.sluice.transport.grpc.GrpcMessage;
import io.sluice.transport.grpc.OtlpMethods;
import io.sluice.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Sends requests over a few connections, with so many under way on each, as fast as they are answered.
final class Load implements AutoCloseable {
  private static final int CONNECTIONS = 4;
  private static final int STREAMS = 8;

  private final List<GrpcMessage> requests;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final LongAdder failed = new LongAdder();

  Load(int port, List<Bytes> payloads) {
    requests = payloads.stream().map(GrpcMessage::plain).toList();
    for (int i = 0; i < CONNECTIONS; i++) {
      channels.add(
          NettyChannelBuilder.forAddress("127.0.0.1", port)
              .usePlaintext()
              .directExecutor()
              .build());
    }
  }

  /// Keeps sending for so long, then waits for the answers under way.
  void run(long millis) throws InterruptedException {
    var going = new AtomicBoolean(true);
    var open = new CountDownLatch(CONNECTIONS * STREAMS);
    var turn = new AtomicInteger();
    for (var channel : channels) {
      for (int i = 0; i < STREAMS; i++) {
        send(channel, turn, going, open);
      }
    }
    Thread.sleep(millis);
    going.set(false);
    open.await();
  }

  private void send(
      ManagedChannel channel, AtomicInteger turn, AtomicBoolean going, CountDownLatch open) {
    if (!going.get()) {
      open.countDown();
      return;
    }
    var request = requests.get(Math.floorMod(turn.getAndIncrement(), requests.size()));
    ClientCalls.asyncUnaryCall(
        channel.newCall(OtlpMethods.export(Signal.TRACES), CallOptions.DEFAULT),
        request,
        new StreamObserver<>() {
          @Override
          public void onNext(GrpcMessage answer) {}

          @Override
          public void onError(Throwable cause) {
            failed.increment();
            send(channel, turn, going, open);
          }

          @Override
          public void onCompleted() {
            send(channel, turn, going, open);
          }
        });
  }

  /// Requests that were not answered with OK, since the last call.
  long failures() {
    return failed.sumThenReset();
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
