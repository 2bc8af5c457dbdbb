package io.sluice.benchmarks;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.sluice.data.Signal;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Encoder;
import io.sluice.transport.grpc.GrpcMessage;
import io.sluice.transport.grpc.OtlpMethods;
import io.sluice.transport.grpc.WireCompression;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Unary OTLP/gRPC calls, so many under way on each of so many connections. All of them share one
/// event loop, so that the sender is one busy thread at most.
final class GrpcLoad implements Load {
  private static final int OPEN_MAX = 256;
  private static final long ANSWER_MILLIS_MAX = 60_000;
  private static final long REQUESTS_MILLIS_MAX = 300_000;
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final MethodDescriptor<GrpcMessage, GrpcMessage> method;
  private final CallOptions options;
  private final List<GrpcMessage> requests;
  private final int streams;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final LongAdder failed = new LongAdder();
  private final LongAdder taken = new LongAdder();
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
  private Optional<Ledger> ledger = Optional.empty();

  /// Of each answer, while they are asked for.
  private volatile @Nullable Queue<Double> answerMillis;

  GrpcLoad(
      int port,
      Signal signal,
      List<Bytes> payloads,
      Optional<Codec> codec,
      int connections,
      int streams) {
    this.streams = streams;
    method = OtlpMethods.export(signal);
    options =
        codec
            .map(c -> CallOptions.DEFAULT.withCompression(c.toString()))
            .orElse(CallOptions.DEFAULT);
    requests = messages(payloads, codec);
    for (int i = 0; i < connections; i++) {
      channels.add(
          NettyChannelBuilder.forAddress("127.0.0.1", port)
              .usePlaintext()
              .directExecutor()
              .eventLoopGroup(loop)
              .channelType(NioSocketChannel.class)
              .compressorRegistry(WireCompression.compressors())
              .decompressorRegistry(WireCompression.decompressors())
              .build());
    }
  }

  private static List<GrpcMessage> messages(List<Bytes> payloads, Optional<Codec> codec) {
    if (codec.isEmpty()) {
      return payloads.stream().map(GrpcMessage::plain).toList();
    }
    try (var encoder = Encoder.of(codec.get(), OptionalInt.empty())) {
      return payloads.stream()
          .map(payload -> GrpcMessage.compressed(encoder.encode(Rope.of(payload))))
          .toList();
    }
  }

  @Override
  public void run(long millis) throws InterruptedException {
    var open = new CountDownLatch(channels.size() * streams);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (var channel : channels) {
      for (int i = 0; i < streams; i++) {
        send(channel, end, open);
      }
    }
    if (!open.await(millis + ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException(open.getCount() + " calls were never answered");
    }
  }

  private void send(ManagedChannel channel, long end, CountDownLatch open) {
    if (System.nanoTime() - end >= 0 || left.getAndDecrement() <= 0) {
      open.countDown();
      return;
    }
    var request = stamped(requests.get(Math.floorMod(turn.getAndIncrement(), requests.size())));
    long start = System.nanoTime();
    ClientCalls.asyncUnaryCall(
        channel.newCall(method, options),
        request,
        new StreamObserver<>() {
          @Override
          public void onNext(GrpcMessage answer) {}

          @Override
          public void onError(Throwable cause) {
            failed.increment();
            loop.execute(() -> send(channel, end, open)); // a dead gateway fails them at once
          }

          @Override
          public void onCompleted() {
            record(request);
            taken.increment();
            var millis = answerMillis;
            if (millis != null) {
              millis.add((System.nanoTime() - start) / 1e6);
            }
            send(channel, end, open);
          }
        });
  }

  /// Sends so many, as fast as they are answered.
  void runRequests(int count) throws InterruptedException {
    left.set(count);
    run(REQUESTS_MILLIS_MAX);
    left.set(Long.MAX_VALUE);
  }

  /// As [#run]; how long each answer took.
  Series runTimed(long millis) throws InterruptedException {
    var times = new ConcurrentLinkedQueue<Double>();
    answerMillis = times;
    run(millis);
    answerMillis = null;
    return new Series(List.copyOf(times));
  }

  /// Writes down there what is acknowledged, each request stamped; uncompressed ones, before anything is
  /// sent.
  GrpcLoad recordIn(Ledger book) {
    ledger = Optional.of(book);
    return this;
  }

  private GrpcMessage stamped(GrpcMessage request) {
    return ledger
        .map(book -> GrpcMessage.plain(book.stamped(request.content().flatten())))
        .orElse(request);
  }

  private void record(GrpcMessage request) {
    ledger.ifPresent(book -> book.acknowledged(request.content().flatten()));
  }

  @Override
  public long failures() {
    return failed.sumThenReset();
  }

  /// How offered requests fared.
  ///
  /// @param delays how many different delays were told
  /// @param notOffered because too many were unanswered
  /// @param millis from request to answer, of those that were taken
  record Tally(
      long taken,
      long refusedWithDelay,
      long refusedWithoutDelay,
      int delays,
      long notOffered,
      Series millis) {}

  /// Sends at a steady pace, whatever the answers, then waits for those under way.
  ///
  /// @param eachSecond is called once a second
  Tally offer(int perSecond, int seconds, Runnable eachSecond) throws InterruptedException {
    var offer = new Offer();
    long start = System.nanoTime();
    for (int i = 0; i < perSecond * seconds; i++) {
      long due = start + i * 1_000_000_000L / perSecond;
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      offer.send(i);
      if ((i + 1) % perSecond == 0) {
        eachSecond.run();
      }
    }
    if (!offer.open.tryAcquire(OPEN_MAX, ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("offered requests were never answered");
    }
    taken.add(offer.accepted.sum());
    return new Tally(
        offer.accepted.sum(),
        offer.delayed.sum(),
        offer.undelayed.sum(),
        offer.delays.size(),
        offer.skipped.sum(),
        new Series(List.copyOf(offer.millis)));
  }

  /// Requests answered with success so far.
  long taken() {
    return taken.sum();
  }

  private final class Offer {
    private final Semaphore open = new Semaphore(OPEN_MAX);
    private final LongAdder accepted = new LongAdder();
    private final LongAdder delayed = new LongAdder();
    private final LongAdder undelayed = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final Set<String> delays = ConcurrentHashMap.newKeySet();
    private final Queue<Double> millis = new ConcurrentLinkedQueue<>();

    void send(int number) {
      if (!open.tryAcquire()) {
        skipped.increment();
        return;
      }
      long start = System.nanoTime();
      var request = stamped(requests.get(number % requests.size()));
      ClientCalls.asyncUnaryCall(
          channels.get(number % channels.size()).newCall(method, options),
          request,
          new StreamObserver<>() {
            @Override
            public void onNext(GrpcMessage answer) {}

            @Override
            public void onError(Throwable cause) {
              var delay = delay(cause);
              delay.ifPresent(delays::add);
              (delay.isPresent() ? delayed : undelayed).increment();
              open.release();
            }

            @Override
            public void onCompleted() {
              record(request);
              accepted.increment();
              millis.add((System.nanoTime() - start) / 1e6);
              open.release();
            }
          });
    }
  }

  /// The bytes of the details that tell a delay: equal ones tell the same.
  private static Optional<String> delay(Throwable cause) {
    var trailers = Status.trailersFromThrowable(cause);
    var details = trailers == null ? null : trailers.get(DETAILS);
    return Optional.ofNullable(details)
        .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
        .filter(text -> text.contains("google.rpc.RetryInfo"));
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
