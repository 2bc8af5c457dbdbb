package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.sluice.component.ComponentContext;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.component.Secret;
import io.sluice.testkit.Contexts;
import io.sluice.transport.grpc.GrpcChannel;
import io.sluice.transport.grpc.GrpcClientConfig;
import io.sluice.transport.grpc.GrpcMessage;
import io.sluice.transport.grpc.GrpcServerConfig;
import io.sluice.transport.grpc.OtlpMethods;
import io.sluice.transport.hostile.Certificates;
import io.sluice.transport.http.HttpClientConfig;
import io.sluice.transport.http.HttpSender;
import io.sluice.transport.http.HttpServerConfig;
import io.sluice.transport.tls.TlsClientConfig;
import io.sluice.transport.tls.TlsConfig;
import io.sluice.transport.tls.TlsServerConfig;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Our servers and our clients, over TLS, in both transports.
class TlsTest {
  private static final Secret NONE = new Secret("");

  @TempDir private static Path made;
  private static Certificates.Pair server;
  private static Certificates.Pair renewed;
  private static Certificates.Pair elsewhere;
  private static Certificates.Pair client;

  @TempDir private Path folder;

  /// Once, as each takes a process of its own.
  @BeforeAll
  static void makeCertificates() throws Exception {
    server = Certificates.make(made, "server", "server", "dns:localhost,ip:127.0.0.1");
    renewed = Certificates.make(made, "renewed", "server", "dns:localhost");
    elsewhere = Certificates.make(made, "elsewhere", "server", "dns:somewhere.example");
    client = Certificates.make(made, "client", "client", "dns:client");
  }

  /// A copy under another name, to be replaced during the test.
  private Certificates.Pair copy(Certificates.Pair pair) throws IOException {
    var copy = new Certificates.Pair(folder.resolve("copy.crt"), folder.resolve("copy.key"));
    replace(copy, pair);
    return copy;
  }

  private static void replace(Certificates.Pair old, Certificates.Pair pair) throws IOException {
    Files.copy(pair.key(), old.key(), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(pair.cert(), old.cert(), StandardCopyOption.REPLACE_EXISTING);
  }

  private static TlsConfig tls(
      String ca, Certificates.@org.jspecify.annotations.Nullable Pair own, List<String> curves) {
    return new TlsConfig(
        ca,
        NONE,
        false,
        own == null ? "" : own.cert().toString(),
        NONE,
        own == null ? "" : own.key().toString(),
        NONE,
        "1.2",
        "",
        List.of(),
        false,
        curves,
        Duration.ofNanos(1),
        Optional.empty());
  }

  static OtlpReceiverConfig receiver(Loop.Family family, boolean mutual, List<String> curves) {
    return receiver(family, server, mutual ? client.cert().toString() : "", curves);
  }

  static OtlpReceiverConfig receiver(
      Loop.Family family, Certificates.Pair own, String clientCa, List<String> curves) {
    var tls = Optional.of(new TlsServerConfig(tls("", own, curves), clientCa, true));
    if (family == Loop.Family.GRPC) {
      var d = GrpcServerConfig.defaults();
      return new OtlpReceiverConfig(
          new OtlpReceiverConfig.Protocols(
              Optional.of(
                  new OtlpReceiverConfig.Grpc(
                      new GrpcServerConfig(
                          "127.0.0.1:0",
                          d.transport(),
                          tls,
                          0,
                          0,
                          0,
                          0,
                          d.keepalive(),
                          d.auth(),
                          false,
                          List.of()))),
              Optional.empty()));
    }
    var d = HttpServerConfig.defaults().withoutTimeouts("127.0.0.1:0");
    return new OtlpReceiverConfig(
        new OtlpReceiverConfig.Protocols(
            Optional.empty(),
            Optional.of(
                new OtlpHttpConfig(
                    new HttpServerConfig(
                        d.endpoint(),
                        d.transport(),
                        tls,
                        d.auth(),
                        d.cors(),
                        0,
                        false,
                        Map.of(),
                        d.compressionAlgorithms(),
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        true,
                        List.of()),
                    "/v1/traces",
                    "/v1/metrics",
                    "/v1/logs"))));
  }

  /// Whether one request got through.
  static boolean sends(Running running, Loop.Family family, String host, TlsClientConfig tls)
      throws Exception {
    var context = Contexts.of(Kind.EXPORTER, "otlp/2", running.loops.home(family));
    int before = running.sink.items();
    try {
      if (family == Loop.Family.GRPC) {
        grpc(context, host + ":" + running.port(), tls);
      } else {
        http(context, "https://" + host + ":" + running.port(), tls);
      }
    } catch (java.util.concurrent.ExecutionException | io.grpc.StatusRuntimeException e) {
      return false;
    }
    return running.sink.items() == before + 1;
  }

  private static void grpc(ComponentContext context, String endpoint, TlsClientConfig tls)
      throws Exception {
    grpc(context, endpoint, tls, Map.of());
  }

  static void grpc(
      ComponentContext context,
      String endpoint,
      TlsClientConfig tls,
      Map<String, String> environment)
      throws Exception {
    var config = GrpcClientConfig.defaults().with(endpoint, "", tls);
    var channel = GrpcChannel.open(config, context, environment);
    try {
      ClientCalls.blockingUnaryCall(
          channel,
          OtlpMethods.export(io.sluice.data.Signal.TRACES),
          CallOptions.DEFAULT.withDeadlineAfter(Running.PATIENCE_SECONDS, TimeUnit.SECONDS),
          GrpcMessage.plain(Samples.spans(1)));
    } finally {
      channel.shutdownNow();
    }
  }

  private static void http(ComponentContext context, String endpoint, TlsClientConfig tls)
      throws Exception {
    http(context, endpoint, tls, Map.of());
  }

  static void http(
      ComponentContext context,
      String endpoint,
      TlsClientConfig tls,
      Map<String, String> environment)
      throws Exception {
    var d = HttpClientConfig.defaults().with(endpoint, Duration.ofSeconds(20), "", 0);
    var config =
        new HttpClientConfig(
            endpoint,
            "",
            tls,
            Map.of(),
            Optional.empty(),
            List.of(),
            d.timeout(),
            "",
            d.compressionParams(),
            0,
            0,
            0,
            0,
            0,
            d.idleConnTimeout(),
            false,
            Duration.ZERO,
            Duration.ZERO,
            true,
            d.cookies());
    var uri = URI.create(endpoint + "/v1/traces");
    var done = new CompletableFuture<Integer>();
    var sender = HttpSender.open(config, context, uri, environment, 1024);
    context
        .loop()
        .execute(() ->
            sender
                .post(
                    uri,
                    Map.of("content-type", "application/x-protobuf"),
                    Rope.of(Samples.spans(1)))
                .onSuccess(response -> done.complete(response.status()))
                .onFailure(done::completeExceptionally));
    try {
      assertThat(done.get(Running.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(200);
    } finally {
      sender.close();
    }
  }

  private static TlsClientConfig trusting(
      Certificates.@org.jspecify.annotations.Nullable Pair own) {
    return trusting(server, own);
  }

  static TlsClientConfig trusting(
      Certificates.Pair authority, Certificates.@org.jspecify.annotations.Nullable Pair own) {
    return new TlsClientConfig(tls(authority.cert().toString(), own, List.of()), false, false, "");
  }

  @ParameterizedTest
  @EnumSource(Loop.Family.class)
  void trustedServerIsReached(Loop.Family family) throws Exception {
    try (var running = new Running(receiver(family, false, List.of()))) {
      assertThat(sends(running, family, "localhost", trusting(null))).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Loop.Family.class)
  void serverOfAnUnknownAuthorityIsRefused(Loop.Family family) throws Exception {
    try (var running = new Running(receiver(family, false, List.of()))) {
      assertThat(sends(running, family, "localhost", TlsClientConfig.defaults())).isFalse();
      var careless = new TlsClientConfig(TlsConfig.defaults(), false, true, "");
      assertThat(sends(running, family, "localhost", careless)).isTrue();
    }
  }

  /// The certificate is trusted; the name is not the one that was asked for.
  @ParameterizedTest
  @EnumSource(Loop.Family.class)
  void wrongHostNameIsRefused(Loop.Family family) throws Exception {
    try (var running = new Running(receiver(family, elsewhere, "", List.of()))) {
      var trusting = trusting(elsewhere, null);
      assertThat(sends(running, family, "localhost", trusting)).isFalse();
      var named = new TlsClientConfig(trusting.common(), false, false, "somewhere.example");
      assertThat(sends(running, family, "localhost", named)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Loop.Family.class)
  void clientWithoutCertificateIsRefusedWhereOneIsAsked(Loop.Family family) throws Exception {
    try (var running = new Running(receiver(family, true, List.of()))) {
      assertThat(sends(running, family, "localhost", trusting(null))).isFalse();
      assertThat(sends(running, family, "localhost", trusting(client))).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Loop.Family.class)
  void newCertificateIsTakenUpByTheNextHandshake(Loop.Family family) throws Exception {
    var own = copy(server);
    try (var running = new Running(receiver(family, own, "", List.of()))) {
      assertThat(sends(running, family, "localhost", trusting(server, null))).isTrue();
      replace(own, renewed);
      assertThat(sends(running, family, "localhost", trusting(server, null))).isFalse();
      assertThat(sends(running, family, "localhost", trusting(renewed, null))).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Loop.Family.class)
  void newAuthorityOfClientsIsTakenUpByTheNextHandshake(Loop.Family family) throws Exception {
    var watched = copy(client);
    var config = receiver(family, server, watched.cert().toString(), List.of());
    try (var running = new Running(config)) {
      assertThat(sends(running, family, "localhost", trusting(client))).isTrue();
      assertThat(sends(running, family, "localhost", trusting(elsewhere))).isFalse();
      replace(watched, elsewhere);
      Files.setLastModifiedTime(watched.cert(), FileTime.fromMillis(1));
      assertThat(sends(running, family, "localhost", trusting(elsewhere))).isTrue();
      assertThat(sends(running, family, "localhost", trusting(client))).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Loop.Family.class)
  void keyExchangeGroupsAreTheChosenOnes(Loop.Family family) throws Exception {
    try (var running = new Running(receiver(family, false, List.of("P384")))) {
      assertThat(sends(running, family, "localhost", trusting(null))).isTrue();
      var other =
          new TlsClientConfig(
              tls(server.cert().toString(), null, List.of("X25519")), false, false, "");
      assertThat(sends(running, family, "localhost", other)).isFalse();
    }
  }

  @Test
  void plaintextClientIsNotServed() throws Exception {
    try (var running = new Running(receiver(Loop.Family.GRPC, false, List.of()))) {
      var plain = new TlsClientConfig(TlsConfig.defaults(), true, false, "");
      assertThat(sends(running, Loop.Family.GRPC, "localhost", plain)).isFalse();
    }
  }
}
