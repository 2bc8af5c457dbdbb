package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Status;
import io.sluice.data.Signal;
import io.sluice.it.Gateway.Kind;
import io.sluice.testkit.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Without a queue, the answer of a destination goes back to the sender, from both gateways alike.
final class AnswersIT {
  private static final String YAML =
      """
      receivers:
        otlp: {protocols: {grpc: {endpoint: "127.0.0.1:@grpc@"}, http: {endpoint: "127.0.0.1:@http@"}}}
      exporters:
        otlp_http:
          endpoint: "http://127.0.0.1:DESTINATION"
          compression: none
          sending_queue: {enabled: false}
          retry_on_failure: {enabled: false}
      service:
        pipelines:
          traces: {receivers: [otlp], exporters: [otlp_http]}
      """;
  private static final byte[] SPANS = Payloads.spans("s", 2).otlp().flatten().toArray();

  private static HttpServer destination;
  private static volatile int status = 200;
  private static Gateway ours;
  private static Gateway theirs;

  @BeforeAll
  static void start() throws IOException {
    destination = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    destination.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, -1);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    destination.start();
    var yaml = YAML.replace("DESTINATION", "" + destination.getAddress().getPort());
    ours = Gateway.sluice(yaml);
    theirs = Gateway.start(Kind.COLLECTOR, yaml);
  }

  @AfterAll
  static void stop() {
    theirs.close();
    ours.close();
    destination.stop(0);
  }

  @ParameterizedTest(name = "{0} becomes {1} and {2}")
  @CsvSource({
    "200, 200, OK",
    "202, 200, OK",
    "400, 400, INVALID_ARGUMENT",
    "401, 401, UNAUTHENTICATED",
    "403, 403, PERMISSION_DENIED",
    "404, 404, UNIMPLEMENTED",
    "405, 500, UNKNOWN",
    "408, 500, UNKNOWN",
    "413, 500, UNKNOWN",
    "429, 429, RESOURCE_EXHAUSTED",
    "500, 500, UNKNOWN",
    "501, 500, UNKNOWN",
    "502, 503, UNAVAILABLE",
    "503, 503, UNAVAILABLE",
    "504, 503, UNAVAILABLE",
    "302, 503, UNAVAILABLE"
  })
  void goesBack(int answer, int http, Status.Code grpc) {
    status = answer;
    assertThat(answers(theirs)).as("Collector").isEqualTo(http + " " + grpc);
    assertThat(answers(ours)).as("Sluice").isEqualTo(http + " " + grpc);
  }

  @ParameterizedTest
  @CsvSource({"429", "503"})
  void whatMayBeRetriedComesWithADelay(int answer) {
    status = answer;
    var http = Http.post(ours.uri("http", "/v1/traces"), "application/x-protobuf", SPANS);
    assertThat(http.headers()).containsKey("retry-after");
    try (var grpc = new GrpcCaller(ours.port("grpc"))) {
      var keys = grpc.call(Signal.TRACES, SPANS).trailers().keys();
      assertThat(keys).contains("grpc-status-details-bin");
    }
  }

  private static String answers(Gateway gateway) {
    var http = Http.post(gateway.uri("http", "/v1/traces"), "application/x-protobuf", SPANS);
    try (var grpc = new GrpcCaller(gateway.port("grpc"))) {
      return http.status() + " " + grpc.call(Signal.TRACES, SPANS).code();
    }
  }
}
