package io.sluice.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.sluice.data.Signal;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Decoder;
import io.sluice.transport.grpc.GrpcMessage;
import io.sluice.transport.grpc.OtlpMethods;
import io.sluice.transport.grpc.WireCompression;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// An OTLP backend, by gRPC and by HTTP, and one that speaks Loki's push API, that counts the items that arrive and keeps nothing.
///
/// Inflating would cost this process more than a gateway that forwards what came, so compressed bodies
/// it has seen before are known by length and checksum.
final class Sink implements AutoCloseable {
  private static final int BYTES_MAX = 64 << 20;

  private final LongAdder items = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final Map<Long, Integer> known = new ConcurrentHashMap<>();
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Server grpc;
  private final int grpcPort;
  private final HttpServer http;
  private final int httpPort;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong nextFreeNanos = new AtomicLong();

  /// Where it is written down what came by gRPC, uncompressed.
  private volatile @Nullable Ledger ledger;

  private final AtomicBoolean closed = new AtomicBoolean();

  /// If positive, what it takes a second; answers wait for their turn.
  private volatile long itemsPerSecondMax;

  Sink() throws IOException {
    this(0);
  }

  /// @param grpcPort 0 for any
  Sink(int grpcPort) throws IOException {
    var local = InetAddress.getLoopbackAddress();
    var builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(local, grpcPort))
            .directExecutor()
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .channelType(NioServerSocketChannel.class)
            .compressorRegistry(WireCompression.compressors())
            .decompressorRegistry(WireCompression.decompressors())
            .maxInboundMessageSize(BYTES_MAX);
    for (var signal : Signal.values()) {
      builder.addService(
          ServerServiceDefinition.builder(OtlpMethods.serviceOf(signal))
              .addMethod(
                  OtlpMethods.export(signal),
                  ServerCalls.asyncUnaryCall((request, answer) -> take(signal, request, answer)))
              .build());
    }
    grpc = builder.build().start();
    this.grpcPort = grpc.getPort();
    http = HttpServer.create(new InetSocketAddress(local, 0), 0);
    http.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
    http.createContext("/v1/traces", exchange -> take(Signal.TRACES, exchange));
    http.createContext("/v1/metrics", exchange -> take(Signal.METRICS, exchange));
    http.createContext("/v1/logs", exchange -> take(Signal.LOGS, exchange));
    http.createContext("/otlp/v1/logs", exchange -> take(Signal.LOGS, exchange));
    http.createContext("/loki/api/v1/push", this::takePush);
    http.start();
    httpPort = http.getAddress().getPort();
  }

  private void take(Signal signal, GrpcMessage request, StreamObserver<GrpcMessage> answer) {
    var content = request.content().flatten();
    int count = request.compressed() ? compressed(signal, content) : Items.in(signal, content);
    var book = ledger;
    if (book != null) {
      book.arrived(content);
    }
    long wait = waitNanos(count);
    if (wait > 0) {
      var _ = timer.schedule(() -> accept(count, answer), wait, TimeUnit.NANOSECONDS);
    } else {
      accept(count, answer);
    }
  }

  private void accept(int count, StreamObserver<GrpcMessage> answer) {
    items.add(count);
    requests.increment();
    answer.onNext(GrpcMessage.EMPTY);
    answer.onCompleted();
  }

  private void take(Signal signal, HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = Bytes.wrap(exchange.getRequestBody().readAllBytes());
      var encoding = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      requests.increment();
      items.add(encoding.isPresent() ? compressed(signal, body) : Items.in(signal, body));
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  /// As Loki takes and answers it.
  private void takePush(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = Bytes.wrap(exchange.getRequestBody().readAllBytes());
      requests.increment();
      items.add(known(body, () -> entries(body)));
      exchange.sendResponseHeaders(204, -1);
    }
  }

  private static int entries(Bytes body) {
    try (var decoder = new Decoder()) {
      int count = 0;
      var push = new WireReader().over(decoder.decode(Codec.SNAPPY, body, BYTES_MAX));
      var stream = new WireReader();
      while (push.next()) {
        push.into(stream);
        while (stream.next()) {
          count += stream.field() == 2 ? 1 : 0;
        }
      }
      return count;
    }
  }

  private int compressed(Signal signal, Bytes body) {
    return known(
        body,
        () -> {
          try (var decoder = new Decoder()) {
            return Items.in(signal, decoder.decode(codec(body), body, BYTES_MAX));
          }
        });
  }

  private int known(Bytes body, IntSupplier count) {
    var crc = new CRC32C();
    crc.update(body.buffer());
    return known.computeIfAbsent(crc.getValue() << 32 | body.length(), _ -> count.getAsInt());
  }

  /// By the magic number; only these two are sent.
  private static Codec codec(Bytes body) {
    return body.at(0) == 0x1f ? Codec.GZIP : Codec.ZSTD;
  }

  private long waitNanos(int count) {
    long rate = itemsPerSecondMax;
    if (rate == 0) {
      return 0;
    }
    long now = System.nanoTime();
    long cost = count * 1_000_000_000L / rate;
    return nextFreeNanos.updateAndGet(next -> Math.max(next, now) + cost) - now;
  }

  /// From now on takes no more than so many items a second; 0 for all there are.
  void slowTo(long itemsPerSecond) {
    itemsPerSecondMax = itemsPerSecond;
  }

  /// Also when it is closed.
  int grpcPort() {
    return grpcPort;
  }

  int httpPort() {
    return httpPort;
  }

  long items() {
    return items.sum();
  }

  /// How many requests the items came in.
  long requests() {
    return requests.sum();
  }

  /// From now on writes down there what comes.
  void recordIn(Ledger book) {
    ledger = book;
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      grpc.shutdownNow();
      http.stop(0);
      timer.shutdownNow();
      var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }
}
