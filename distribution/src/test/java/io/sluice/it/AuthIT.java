package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.data.Signal;
import io.sluice.it.Gateway.Kind;
import io.sluice.testkit.Payloads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may send, and who we say we are; the real Collector on the other side where it has the extension.
final class AuthIT {
  private static final String SECRET = "s3cr3t-t0k3n";
  private static final byte[] SPANS = Payloads.spans("s", 1).otlp().flatten().toArray();

  private static final String GUARDED =
      """
      extensions:
        bearertokenauth: {token: "%s"}
      receivers:
        otlp:
          protocols:
            grpc: {endpoint: "127.0.0.1:@grpc@", auth: {authenticator: bearertokenauth}}
            http: {endpoint: "127.0.0.1:@http@", auth: {authenticator: bearertokenauth}}
      exporters:
        debug: {verbosity: normal}
      service:
        extensions: [bearertokenauth]
        pipelines:
          traces: {receivers: [otlp], exporters: [debug]}
      """
          .formatted(SECRET);

  private record Got(String path, Headers headers) {}

  private final List<Got> got = new CopyOnWriteArrayList<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private volatile String believed = "";
  private HttpServer server;

  /// Gives tokens, and takes traces with the last of them, or with any if none is to be believed.
  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    var path = exchange.getRequestURI().getPath();
    var shown = exchange.getRequestHeaders().getFirst("authorization");
    got.add(new Got(path, exchange.getRequestHeaders()));
    var body = "";
    int status = 200;
    if (path.equals("/token")) {
      believed = "Bearer t" + tokens.incrementAndGet();
      body = "{\"access_token\":\"t%d\",\"expires_in\":3600}".formatted(tokens.get());
    } else if (!believed.isEmpty() && !believed.equals(shown)) {
      status = 401;
    }
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String base() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private List<Got> traces() {
    return got.stream().filter(each -> each.path.equals("/v1/traces")).toList();
  }

  private static int post(Gateway gateway, String... headers) {
    var uri = gateway.uri("http", "/v1/traces");
    return Http.post(uri, "application/x-protobuf", SPANS, headers).status();
  }

  /// Where they differ, ours takes more: the word before the token is known in any case.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer " + SECRET,
        "Bearer " + SECRET + "x",
        "Bearer",
        "Basic " + SECRET,
        SECRET,
        "Bearer  " + SECRET,
        ""
      })
  void bothLetInTheSame(String authorization) {
    assertThat(answers(Kind.SLUICE, authorization))
        .isEqualTo(answers(Kind.COLLECTOR, authorization));
  }

  private static String answers(Kind kind, String authorization) {
    var headers =
        authorization.isEmpty() ? new String[0] : new String[] {"authorization", authorization};
    try (var gateway = Gateway.start(kind, GUARDED);
        var grpc = new GrpcCaller(gateway.port("grpc"))) {
      var answer = grpc.call(Signal.TRACES, SPANS, headers).code() + " " + post(gateway, headers);
      assertThat(gateway.scrape()).doesNotContain(SECRET);
      if (kind == Kind.SLUICE) {
        assertThat(gateway.log()).doesNotContain(SECRET);
      }
      return answer;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SECRET, "wrong"})
  void collectorBelievesTheRightToken(String token) {
    try (var collector = Gateway.collector(GUARDED);
        var sluice =
            Gateway.sluice(
                """
                extensions:
                  bearertokenauth: {token: "%s"}
                receivers:
                  otlp: {protocols: {http: {endpoint: "127.0.0.1:@http@"}}}
                exporters:
                  otlp_http:
                    endpoint: "http://127.0.0.1:%d"
                    auth: {authenticator: bearertokenauth}
                    sending_queue: {enabled: false}
                    retry_on_failure: {enabled: false}
                service:
                  extensions: [bearertokenauth]
                  pipelines:
                    traces: {receivers: [otlp], exporters: [otlp_http]}
                """
                    .formatted(token, collector.port("http")))) {
      assertThat(post(sluice)).isEqualTo(token.equals(SECRET) ? 200 : 401);
      assertThat(sluice.log()).doesNotContain(SECRET);
    }
  }

  private String passing(String queue) {
    return """
    extensions:
      basicauth: {htpasswd: {inline: "ann:secret"}}
      file_storage: {directory: "%%dir%%/q", create_directory: true}
      headers_setter:
        headers:
          - {key: X-Scope-OrgID, from_context: x-tenant, default_value: nobody}
          - {key: X-User, from_attribute: username}
          - {key: X-Team, value: blue, action: insert}
          - {key: X-Team, value: red, action: insert}
    receivers:
      otlp:
        protocols:
          http: {endpoint: "127.0.0.1:@http@", include_metadata: true, auth: {authenticator: basicauth}}
    exporters:
      otlp_http:
        endpoint: "%s"
        auth: {authenticator: headers_setter}
        sending_queue: %s
    service:
      extensions: [basicauth, file_storage, headers_setter]
      pipelines:
        traces: {receivers: [otlp], exporters: [otlp_http]}
    """
        .formatted(base(), queue);
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{enabled: false}",
        "{}",
        "{storage: file_storage}",
        "{batch: {flush_timeout: 50ms, partition: {metadata_keys: [X-Tenant]}}}"
      })
  void whatIsKnownOfTheSenderArrivesBehindAnyQueue(String queue) {
    try (var sluice = Gateway.sluice(passing(queue))) {
      assertThat(post(sluice, "x-tenant", "us")).isEqualTo(401);
      var ann = basic("ann:secret");
      assertThat(post(sluice, "authorization", ann, "x-tenant", "us")).isEqualTo(200);
      assertThat(post(sluice, "authorization", ann)).isEqualTo(200);
      Eventually.happens(() -> traces().size() == 2, sluice::log);
      var tenants =
          traces().stream().map(each -> each.headers.getFirst("x-scope-orgid")).sorted().toList();
      assertThat(tenants).containsExactly("nobody", "us");
      for (var each : traces()) {
        assertThat(each.headers.getFirst("x-team")).isEqualTo("blue");
        assertThat(each.headers.getFirst("authorization")).isNull();
        assertThat(each.headers.getFirst("x-user"))
            .isEqualTo(queue.contains("batch") ? null : "ann");
      }
    }
  }

  @Test
  void tokenIsFetchedOnceAndAnewWhenItIsNotBelieved() {
    var yaml =
        """
        extensions:
          oauth2client: {client_id: me, client_secret: "%1$s", token_url: "%2$s/token"}
        receivers:
          otlp: {protocols: {http: {endpoint: "127.0.0.1:@http@"}}}
        exporters:
          otlp_http:
            endpoint: "%2$s"
            auth: {authenticator: oauth2client}
            sending_queue: {enabled: false}
            retry_on_failure: {enabled: false}
        service:
          extensions: [oauth2client]
          telemetry: {logs: {level: debug}}
          pipelines:
            traces: {receivers: [otlp], exporters: [otlp_http]}
        """
            .formatted(SECRET, base());
    try (var sluice = Gateway.sluice(yaml)) {
      assertThat(post(sluice)).isEqualTo(200);
      assertThat(post(sluice)).isEqualTo(200);
      assertThat(tokens).hasValue(1);
      believed = "Bearer revoked";
      assertThat(post(sluice)).isEqualTo(200);
      assertThat(tokens).hasValue(2);
      believed = "Bearer revoked again";
      assertThat(post(sluice)).isEqualTo(401);
      assertThat(tokens).hasValue(2);
      assertThat(sluice.log()).doesNotContain(SECRET).doesNotContain("Bearer t");
    }
  }
}
