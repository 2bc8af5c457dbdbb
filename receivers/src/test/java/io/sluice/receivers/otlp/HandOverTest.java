package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.sluice.component.Budget;
import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentId;
import io.sluice.component.Exporter;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Secret;
import io.sluice.component.Stability;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import io.sluice.service.Environment;
import io.sluice.service.Gateway;
import io.sluice.service.PipelineId;
import io.sluice.service.Plan;
import io.sluice.service.TelemetryConfig;
import io.sluice.telemetry.Log;
import io.sluice.telemetry.Telemetry;
import io.sluice.testkit.BooksBalance;
import io.sluice.transport.TransportLoops;
import io.sluice.transport.grpc.GrpcMessage;
import io.sluice.transport.grpc.GrpcServerConfig;
import io.sluice.transport.grpc.OtlpMethods;
import io.sluice.transport.hostile.Certificates;
import io.sluice.transport.http.HttpServerConfig;
import io.sluice.transport.tls.TlsConfig;
import io.sluice.transport.tls.TlsServerConfig;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A receiver whose own settings change in a running gateway.
class HandOverTest {
  private static final int RELOADS = 6;

  private final List<Running> gateways = new ArrayList<>();
  private int grpcPort;
  private int httpPort;

  /// A gateway on loops of its own, as a process has them.
  private static final class Running {
    final TransportLoops loops = TransportLoops.of(1, 1);
    final Telemetry telemetry = Telemetry.silent();
    final Gateway gateway =
        new Gateway(
            new Environment(
                loops,
                Budget.UNBOUNDED,
                telemetry,
                Log.NONE,
                InstantSource.system(),
                new ComponentContext.Build("sluice", "Sluice", "test")));

    void close() throws Exception {
      await(gateway.stop());
      loops.close();
      BooksBalance.assertBalanced(telemetry.books());
    }
  }

  private record NoSettings() {}

  /// Takes everything.
  private static final class Sinks implements ExporterFactory<NoSettings> {
    @Override
    public String type() {
      return "sink";
    }

    @Override
    public Map<Signal, Stability> signals() {
      return Map.of(Signal.TRACES, Stability.STABLE);
    }

    @Override
    public NoSettings defaults() {
      return new NoSettings();
    }

    @Override
    public Exporter create(NoSettings config, ComponentContext context) {
      return new Exporter() {
        @Override
        public Future<Outcome> accept(Batch batch) {
          return Outcome.accepted();
        }
      };
    }
  }

  @BeforeEach
  void choosePorts() throws IOException {
    try (var one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      grpcPort = one.getLocalPort();
      httpPort = two.getLocalPort();
    }
  }

  @AfterEach
  void stop() throws Exception {
    for (var running : gateways) {
      running.close();
    }
  }

  private Running gateway() {
    var running = new Running();
    gateways.add(running);
    return running;
  }

  private static void await(Future<Void> step) throws Exception {
    step.toCompletionStage()
        .toCompletableFuture()
        .get(io.sluice.receivers.otlp.Running.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private Plan plan(int messageMib) {
    return plan(messageMib, "127.0.0.1:" + grpcPort, "127.0.0.1:" + httpPort, Optional.empty());
  }

  private static Plan plan(
      int messageMib, String grpc, String http, Optional<TlsServerConfig> tls) {
    return plan(List.of(receiver("otlp", messageMib, grpc, http, tls)));
  }

  private static Plan plan(List<Plan.Source> receivers) {
    var sinks = new Plan.ExporterPart<>(ComponentId.parse("sink"), new Sinks(), new NoSettings());
    var pipeline =
        new Plan.Pipeline(new PipelineId(Signal.TRACES, ""), receivers, List.of(), List.of(sinks));
    return new Plan(TelemetryConfig.defaults(), List.of(), List.of(pipeline));
  }

  private static final OtlpReceiverFactory FACTORY = new OtlpReceiverFactory();

  private static Plan.ReceiverPart<?> receiver(
      String id, int messageMib, String grpc, String http, Optional<TlsServerConfig> tls) {
    var g = GrpcServerConfig.defaults();
    var grpcServer =
        new GrpcServerConfig(
            grpc,
            g.transport(),
            tls,
            messageMib,
            g.maxConcurrentStreams(),
            g.readBufferSize(),
            g.writeBufferSize(),
            g.keepalive(),
            g.auth(),
            g.includeMetadata(),
            g.middlewares());
    var h = HttpServerConfig.defaults().withoutTimeouts(http);
    var httpServer =
        new HttpServerConfig(
            h.endpoint(),
            h.transport(),
            tls,
            h.auth(),
            h.cors(),
            h.maxRequestBodySize(),
            h.includeMetadata(),
            Map.of("X-Generation", new Secret("" + messageMib)),
            h.compressionAlgorithms(),
            h.readTimeout(),
            h.readHeaderTimeout(),
            h.writeTimeout(),
            h.idleTimeout(),
            h.keepAlivesEnabled(),
            h.middlewares());
    return new Plan.ReceiverPart<>(
        ComponentId.parse(id),
        FACTORY,
        new OtlpReceiverConfig(
            new OtlpReceiverConfig.Protocols(
                Optional.of(new OtlpReceiverConfig.Grpc(grpcServer)),
                Optional.of(
                    new OtlpHttpConfig(httpServer, "/v1/traces", "/v1/metrics", "/v1/logs")))));
  }

  /// Does one thing over and over on a thread of its own.
  private static final class Load {
    final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger done = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private final CompletableFuture<Void> running;

    interface Step {
      void run() throws Exception;
    }

    Load(Step step) {
      running = new CompletableFuture<>();
      Thread.ofPlatform()
          .start(() -> {
            while (!over.get()) {
              try {
                step.run();
                done.incrementAndGet();
              } catch (Exception e) {
                failures.add(e.toString());
              }
            }
            running.complete(null);
          });
    }

    void awaitMore(int more) throws Exception {
      int from = done.get();
      var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (done.get() < from + more) {
        assertThat(System.nanoTime() - end).as("stuck: " + failures).isNegative();
        Thread.sleep(1);
      }
    }

    void end() throws Exception {
      over.set(true);
      running.get(30, TimeUnit.SECONDS);
      assertThat(failures).isEmpty();
    }
  }

  private ManagedChannel channel() {
    return NettyChannelBuilder.forAddress("127.0.0.1", grpcPort).usePlaintext().build();
  }

  private static void call(ManagedChannel channel) {
    ClientCalls.blockingUnaryCall(
        channel,
        OtlpMethods.export(Signal.TRACES),
        CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
        GrpcMessage.plain(Samples.spans(2)));
  }

  private void callOnce() throws InterruptedException {
    var channel = channel();
    try {
      call(channel);
    } finally {
      channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
    }
  }

  private void postOnce() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), httpPort)) {
      post(socket);
    }
  }

  /// @return the whole answer
  private static String post(Socket socket) throws IOException {
    socket.setSoTimeout(20_000);
    var body = Samples.spans(2).toArray();
    var head =
        "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
            + "Content-Length: "
            + body.length
            + "\r\n\r\n";
    var out = socket.getOutputStream();
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    out.write(body);
    out.flush();
    var in = socket.getInputStream();
    var said = new StringBuilder();
    while (said.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("closed after '" + said + "'");
      }
      said.append((char) b);
    }
    in.readNBytes(2);
    if (!said.toString().startsWith("HTTP/1.1 200")) {
      throw new IOException(said.toString());
    }
    return said.toString();
  }

  /// Connects anew when the server says that it is the last answer.
  private final class Connected implements Load.Step {
    private Socket socket = new Socket();

    @Override
    public void run() throws IOException {
      if (!socket.isConnected()) {
        socket = new Socket(InetAddress.getLoopbackAddress(), httpPort);
      }
      if (post(socket).toLowerCase(java.util.Locale.ROOT).contains("connection: close")) {
        socket.close();
        socket = new Socket();
      }
    }
  }

  @Test
  void nobodyIsRefusedOrCutWhileSettingsChange() throws Exception {
    var running = gateway();
    await(running.gateway.start(plan(4)));
    var channel = channel();
    var loads =
        List.of(
            new Load(this::callOnce),
            new Load(this::postOnce),
            new Load(() -> call(channel)),
            new Load(new Connected()));
    for (int i = 0; i < RELOADS; i++) {
      for (var load : loads) {
        load.awaitMore(5);
      }
      await(running.gateway.reload(plan(5 + i)));
    }
    for (var load : loads) {
      load.awaitMore(5);
    }
    // Until those of before have taken their leave.
    Thread.sleep(Duration.ofSeconds(4));
    for (var load : loads) {
      load.awaitMore(5);
      load.end();
    }
    channel.shutdownNow();
  }

  @Test
  void newConnectionsMeetTheNewSettings() throws Exception {
    var running = gateway();
    await(running.gateway.start(plan(4)));
    await(running.gateway.reload(plan(7)));
    for (int i = 0; i < 4; i++) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), httpPort)) {
        assertThat(post(socket)).containsIgnoringCase("x-generation: 7");
      }
    }
  }

  @Test
  void anOldConnectionIsAnsweredOnceMoreAndToldToGo() throws Exception {
    var running = gateway();
    await(running.gateway.start(plan(4)));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), httpPort)) {
      assertThat(post(socket)).doesNotContainIgnoringCase("connection: close");
      await(running.gateway.reload(plan(7)));
      await(settled(running));
      assertThat(post(socket))
          .containsIgnoringCase("x-generation: 4")
          .containsIgnoringCase("connection: close");
    }
  }

  /// What the loops were told by now, they have done.
  private static Future<Void> settled(Running running) {
    Future<Void> done = Future.succeededFuture();
    for (int round = 0; round < 3; round++) {
      for (var loop : running.loops.all()) {
        done =
            done.compose(_ -> {
              var passed = io.vertx.core.Promise.<Void>promise();
              loop.execute(passed::complete);
              return passed.future();
            });
      }
    }
    return done;
  }

  @Test
  void aSuccessorThatCannotStartLeavesTheOldOneServing() throws Exception {
    var running = gateway();
    await(running.gateway.start(plan(4)));
    var channel = channel();
    var loads =
        List.of(
            new Load(this::callOnce),
            new Load(this::postOnce),
            new Load(() -> call(channel)),
            new Load(new Connected()));
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var wrong =
          plan(9, "127.0.0.1:" + grpcPort, "127.0.0.1:" + taken.getLocalPort(), Optional.empty());
      assertThatThrownBy(() -> await(running.gateway.reload(wrong)))
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("failed to start \"otlp\" receiver")
          .hasMessageContaining("Address already in use");
    }
    for (var load : loads) {
      load.awaitMore(20);
      load.end();
    }
    channel.shutdownNow();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), httpPort)) {
      assertThat(post(socket)).containsIgnoringCase("x-generation: 4");
    }
  }

  @Test
  void aSecondGatewayAtTheSamePortIsTold() throws Exception {
    await(gateway().gateway.start(plan(4)));
    assertThatThrownBy(() -> await(gateway().gateway.start(plan(5))))
        .hasMessageContaining("Address already in use");
    callOnce();
    postOnce();
  }

  @Test
  void twoReceiversOfOneGatewayCannotShareAPort() throws Exception {
    var one = receiver("otlp/1", 4, "127.0.0.1:" + grpcPort, "127.0.0.1:0", Optional.empty());
    var two = receiver("otlp/2", 4, "127.0.0.1:" + grpcPort, "127.0.0.1:0", Optional.empty());
    assertThatThrownBy(() -> await(gateway().gateway.start(plan(List.of(one, two)))))
        .hasMessageContaining("failed to start \"otlp/2\" receiver")
        .hasMessageContaining("Address already in use");
    var three = receiver("otlp/3", 4, "127.0.0.1:0", "127.0.0.1:" + httpPort, Optional.empty());
    var four = receiver("otlp/4", 4, "127.0.0.1:0", "127.0.0.1:" + httpPort, Optional.empty());
    assertThatThrownBy(() -> await(gateway().gateway.start(plan(List.of(three, four)))))
        .hasMessageContaining("failed to start \"otlp/4\" receiver")
        .hasMessageContaining("Address already in use");
  }

  @Test
  void aPortDoesNotPassFromGrpcToHttpInOneStep() throws Exception {
    var running = gateway();
    await(running.gateway.start(plan(4)));
    var exchanged = plan(5, "127.0.0.1:" + httpPort, "127.0.0.1:" + grpcPort, Optional.empty());
    // gRPC and HTTP have sockets of their own kind: one has to be closed before the other can be
    // bound.
    assertThatThrownBy(() -> await(running.gateway.reload(exchanged)))
        .hasMessageContaining("Address already in use");
    callOnce();
    postOnce();
  }

  @Test
  void anAddressMayBecomeWiderAndNarrower() throws Exception {
    var running = gateway();
    await(running.gateway.start(plan(4)));
    await(running.gateway.reload(plan(5, ":" + grpcPort, ":" + httpPort, Optional.empty())));
    callOnce();
    postOnce();
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var wrong =
          plan(9, "127.0.0.1:" + grpcPort, "127.0.0.1:" + taken.getLocalPort(), Optional.empty());
      assertThatThrownBy(() -> await(running.gateway.reload(wrong)))
          .hasMessageContaining("Address already in use");
      callOnce();
      postOnce();
    }
    await(running.gateway.reload(plan(6)));
    callOnce();
    postOnce();
  }

  @Test
  void tlsMayBeTurnedOnAtTheSameAddress(@TempDir Path folder) throws Exception {
    var pair = Certificates.make(folder, "server", "server", "dns:localhost,ip:127.0.0.1");
    var running = gateway();
    await(running.gateway.start(plan(4)));
    await(
        running.gateway.reload(
            plan(
                5,
                "127.0.0.1:" + grpcPort,
                "127.0.0.1:" + httpPort,
                Optional.of(new TlsServerConfig(own(pair), "", false)))));
    assertThatThrownBy(this::callOnce).isInstanceOf(StatusRuntimeException.class);
    assertThatThrownBy(this::postOnce).isInstanceOf(IOException.class);
    var context =
        io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts.forClient()
            .trustManager(pair.cert().toFile())
            .build();
    var channel = NettyChannelBuilder.forAddress("127.0.0.1", grpcPort).sslContext(context).build();
    call(channel);
    channel.shutdownNow();
    var trust = java.security.KeyStore.getInstance(java.security.KeyStore.getDefaultType());
    trust.load(null, null);
    try (var in = java.nio.file.Files.newInputStream(pair.cert())) {
      trust.setCertificateEntry(
          "server",
          java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    var trusting = javax.net.ssl.TrustManagerFactory.getInstance("PKIX");
    trusting.init(trust);
    var tls = javax.net.ssl.SSLContext.getInstance("TLS");
    tls.init(null, trusting.getTrustManagers(), null);
    try (var socket = tls.getSocketFactory().createSocket("127.0.0.1", httpPort)) {
      assertThat(post(socket)).containsIgnoringCase("x-generation: 5");
    }
  }

  private static TlsConfig own(Certificates.Pair pair) {
    var d = TlsConfig.defaults();
    return new TlsConfig(
        d.caFile(),
        d.caPem(),
        d.includeSystemCaCertsPool(),
        pair.cert().toString(),
        d.certPem(),
        pair.key().toString(),
        d.keyPem(),
        d.minVersion(),
        d.maxVersion(),
        d.cipherSuites(),
        d.includeInsecureCipherSuites(),
        d.curvePreferences(),
        d.reloadInterval(),
        d.tpm());
  }
}
