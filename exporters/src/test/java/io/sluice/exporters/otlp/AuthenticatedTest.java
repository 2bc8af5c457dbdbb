package io.sluice.exporters.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.sluice.component.ComponentId;
import io.sluice.component.Exporter;
import io.sluice.component.Extension;
import io.sluice.component.Secret;
import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.exporters.otlp.OtlpPreset.Protocol;
import io.sluice.pipeline.Outcome;
import io.sluice.transport.auth.AuthConfig;
import io.sluice.transport.auth.ClientAuthenticator;
import io.sluice.transport.auth.HeaderRules;
import io.sluice.transport.grpc.OtlpMethods;
import io.sluice.transport.tls.TlsClientConfig;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Against servers that believe one proof only.
class AuthenticatedTest {
  private static final Batch BATCH =
      Batch.of(Signal.TRACES, Rope.of(Bytes.wrap(new byte[] {10, 0})), 1);
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> TENANT =
      Metadata.Key.of("x-tenant", Metadata.ASCII_STRING_MARSHALLER);

  private final List<String> shown = new CopyOnWriteArrayList<>();
  private volatile String believed = "proof 1";
  private HttpServer http;
  private Server grpc;

  @BeforeEach
  void start() throws Exception {
    var nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    http = HttpServer.create(nowhere, 0);
    http.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          var headers = exchange.getRequestHeaders();
          boolean ok = sees(headers.getFirst("authorization"), headers.getFirst("x-tenant"));
          exchange.sendResponseHeaders(ok ? 200 : 401, -1);
          exchange.close();
        });
    http.start();
    grpc =
        NettyServerBuilder.forAddress(nowhere)
            .fallbackHandlerRegistry(new Everything())
            .build()
            .start();
  }

  private boolean sees(@Nullable String authorization, @Nullable String tenant) {
    shown.add(authorization + " of " + tenant);
    return believed.equals(authorization);
  }

  private final class Everything extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
      return ServerMethodDefinition.create(
          OtlpMethods.export(Signal.TRACES),
          (call, headers) -> {
            boolean ok = sees(headers.get(AUTHORIZATION), headers.get(TENANT));
            call.close(ok ? Status.UNIMPLEMENTED : Status.UNAUTHENTICATED, new Metadata());
            return new ServerCall.Listener<>() {};
          });
    }
  }

  @AfterEach
  void stop() {
    http.stop(0);
    grpc.shutdownNow();
  }

  private OtlpPreset preset(Protocol protocol) {
    int port = protocol == Protocol.GRPC ? grpc.getPort() : http.getAddress().getPort();
    return preset(protocol, "127.0.0.1:" + port);
  }

  @ParameterizedTest
  @CsvSource({
    "a,a:4317",
    "a:1,a:1",
    "[::1],[::1]:4317",
    "http://a,http://a:4317",
    "https://a:1,https://a:1",
    "unix:///run/a.sock,unix:///run/a.sock",
    "dns:///a,dns:///a",
    "passthrough:///a,passthrough:///a"
  })
  void portIsAddedToHostsAlone(String endpoint, String address) {
    assertThat(preset(Protocol.GRPC, endpoint).address()).isEqualTo(address);
  }

  private static OtlpPreset preset(Protocol protocol, String endpoint) {
    var d = OtlpPreset.defaults();
    return new OtlpPreset(
        protocol,
        endpoint,
        "none",
        new TlsClientConfig(TlsClientConfig.defaults().common(), true, false, ""),
        Map.of("X-Tenant", new Secret("us")),
        Optional.of(new AuthConfig(ComponentId.parse("shown"))),
        Duration.ofSeconds(3),
        d.retryOnFailure(),
        Optional.empty());
  }

  private Outcome send(Protocol protocol) throws Exception {
    var preset = preset(protocol);
    try (var sending =
        new Sending(preset.family(), context -> preset.exporter(new Showing(false).in(context)))) {
      return sending.send(BATCH);
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void proofGoesWithTheOtherHeaders(Protocol protocol) throws Exception {
    assertThat(refusal(send(protocol))).isNull();
    assertThat(shown).containsExactly("proof 1 of us");
  }

  private static @Nullable Outcome refusal(Outcome outcome) {
    return outcome instanceof Outcome.Rejected(var fault, _)
            && fault == Outcome.Fault.UNAUTHENTICATED
        ? outcome
        : null;
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void whatIsNotBelievedIsSentOnceMoreWithAnother(Protocol protocol) throws Exception {
    believed = "proof 2";
    assertThat(refusal(send(protocol))).isNull();
    assertThat(shown).containsExactly("proof 1 of us", "proof 2 of us");
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void butNotAgainAndAgain(Protocol protocol) throws Exception {
    believed = "proof 3";
    assertThat(refusal(send(protocol))).isNotNull();
    assertThat(shown).containsExactly("proof 1 of us", "proof 2 of us");
  }

  @Test
  void secretsAreNotShownInTheClearOverGrpc() {
    var preset = preset(Protocol.GRPC);
    assertThatThrownBy(() ->
            new Sending(preset.family(), context -> preset.exporter(new Showing(true).in(context))))
        .hasMessageContaining("auth::authenticator")
        .hasMessageContaining("TLS");
    assertThat(shown).isEmpty();
  }

  /// Says that it has seen the tenant.
  private record Stamping() implements Extension, ClientAuthenticator {
    @Override
    public Future<Map<String, String>> headers(Request request) {
      var tenant = request.headers().get("x-tenant") + ", stamped";
      return Future.succeededFuture(Map.of("authorization", "proof 1", "x-tenant", tenant));
    }

    @Override
    public boolean secret() {
      return false;
    }
  }

  /// Sends what it is given for a tenant.
  private record ForTenant(OtlpExporter exporter) implements Exporter {
    @Override
    public Future<Void> start() {
      return exporter.start();
    }

    @Override
    public Future<Outcome> accept(Batch batch) {
      return exporter.send(batch, Map.of("X-Tenant", "them"));
    }

    @Override
    public Future<Void> stop() {
      return exporter.stop();
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void authenticatorSeesAndChangesTheHeadersOfABatchToo(Protocol protocol) throws Exception {
    var preset = preset(protocol);
    try (var sending =
        new Sending(
            preset.family(),
            context -> new ForTenant(preset.exporter(Showing.in(context, new Stamping()))))) {
      assertThat(refusal(sending.send(BATCH))).isNull();
    }
    assertThat(shown).containsExactly("proof 1 of them, stamped");
  }

  /// Does as the test says.
  private static final class Scripted implements Extension, ClientAuthenticator {
    volatile boolean secret;
    volatile Supplier<Future<Map<String, String>>> script =
        () -> Future.succeededFuture(Map.of("authorization", "proof 1"));

    @Override
    public Future<Map<String, String>> headers(Request request) {
      return script.get();
    }

    @Override
    public boolean secret() {
      return secret;
    }
  }

  private Sending sending(Scripted scripted) throws Exception {
    var preset = preset(Protocol.GRPC);
    return new Sending(preset.family(), context -> preset.exporter(Showing.in(context, scripted)));
  }

  @Test
  void secretsOfWhoCameWithAReloadAreNotShownInTheClear() throws Exception {
    var scripted = new Scripted();
    try (var sending = sending(scripted)) {
      scripted.secret = true;
      assertThat(sending.send(BATCH))
          .isInstanceOfSatisfying(
              Outcome.Refused.class, refused -> assertThat(refused.reason()).contains("to read"));
      assertThat(shown).isEmpty();
    }
  }

  @Test
  void whatIsGivenUpIsNotSentWhenTheProofComes() throws Exception {
    var scripted = new Scripted();
    var late = Promise.<Map<String, String>>promise();
    try (var sending = sending(scripted)) {
      var usual = scripted.script;
      scripted.script = late::future;
      assertThat(sending.send(BATCH)).isInstanceOf(Outcome.Refused.class);
      scripted.script = usual;
      late.complete(Map.of("authorization", "proof 0"));
      assertThat(refusal(sending.send(BATCH))).isNull();
      assertThat(shown).containsExactly("proof 1 of null");
    }
  }

  @Test
  void bugsOfAnAuthenticatorLeaveNobodyWaiting() throws Exception {
    var scripted = new Scripted();
    try (var sending = sending(scripted)) {
      scripted.script = () -> Future.succeededFuture(Map.of("no name", "x"));
      assertThatThrownBy(() -> sending.send(BATCH)).hasMessageContaining("no name");
      scripted.script =
          () -> {
            throw new IllegalStateException("a bug");
          };
      assertThatThrownBy(() -> sending.send(BATCH)).hasMessageContaining("a bug");
    }
  }

  @Test
  void namesThatGrpcDoesNotKnowAreFoundAtTheStart() {
    assertThat(HeaderRules.isGrpcName("X-Tenant")).isTrue();
    assertThat(HeaderRules.isGrpcName("x tenant")).isFalse();
    assertThat(HeaderRules.isGrpcName("x!")).isFalse();
    assertThat(HeaderRules.isGrpcName("x-bin")).isFalse();
  }
}
