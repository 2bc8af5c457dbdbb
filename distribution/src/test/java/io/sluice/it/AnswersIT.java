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
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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
        otlp_grpc:
          endpoint: "127.0.0.1:DESTGRPC"
          tls: {insecure: true}
          timeout: 2s
          sending_queue: {enabled: false}
          retry_on_failure: {enabled: false}
        otlp_grpc/cut:
          endpoint: "127.0.0.1:DESTCUT"
          tls: {insecure: true}
          timeout: 2s
          sending_queue: {enabled: false}
          retry_on_failure: {enabled: false}
      service:
        pipelines:
          traces: {receivers: [otlp], exporters: [otlp_http]}
          logs: {receivers: [otlp], exporters: [otlp_grpc]}
          metrics: {receivers: [otlp], exporters: [otlp_grpc/cut]}
      """;
  private static final byte[] SPANS = Payloads.spans("s", 2).otlp().flatten().toArray();

  private static final byte[] LOGS = Payloads.logs("l", 2).otlp().flatten().toArray();
  private static final byte[] POINTS = Payloads.points("p", 2).otlp().flatten().toArray();

  private static HttpServer destination;
  private static GrpcDestination grpcDestination;

  /// Takes connections and cuts them when something has come.
  private static ServerSocket cutter;

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
    grpcDestination = new GrpcDestination();
    cutter = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(AnswersIT::cut);
    var yaml =
        YAML.replace("DESTINATION", "" + destination.getAddress().getPort())
            .replace("DESTGRPC", "" + grpcDestination.port())
            .replace("DESTCUT", "" + cutter.getLocalPort());
    ours = Gateway.sluice(yaml);
    theirs = Gateway.start(Kind.COLLECTOR, yaml);
  }

  private static void cut() {
    while (true) {
      try (var connection = cutter.accept()) {
        connection.getInputStream().read();
      } catch (IOException _) {
        if (cutter.isClosed()) {
          return;
        }
      }
    }
  }

  @AfterAll
  static void stop() throws IOException {
    cutter.close();
    grpcDestination.close();
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

  @Test
  void tooLargeForTheDestinationIsTooLargeForTheSender() {
    status = 413;
    assertThat(answers(theirs)).as("Collector").isEqualTo("500 UNKNOWN");
    assertThat(answers(ours)).as("Sluice").isEqualTo("413 RESOURCE_EXHAUSTED");
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

  @ParameterizedTest(name = "{0}, delay {1}")
  @MethodSource("statuses")
  void aStatusOfGrpcGoesBack(Status.Code code, boolean delayed) {
    grpcDestination.answer(
        code.toStatus().withDescription("so"),
        delayed ? Optional.of(Duration.ofSeconds(3)) : Optional.empty());
    var there = answers(theirs, Signal.LOGS, LOGS);
    boolean never = code == Status.Code.RESOURCE_EXHAUSTED && !delayed;
    assertThat(there.startsWith("429")).isEqualTo(code == Status.Code.RESOURCE_EXHAUSTED);
    assertThat(answers(ours, Signal.LOGS, LOGS))
        .isEqualTo(never ? "413 RESOURCE_EXHAUSTED" : here(there));
  }

  /// Sluice hands on what an answer means, not its code: all that a retry may help is UNAVAILABLE, what has
  /// no meaning to a sender is UNKNOWN, and what is never to be sent again is 413 and not 429.
  private static String here(String there) {
    return switch (there) {
      case "503 CANCELLED",
          "503 DEADLINE_EXCEEDED",
          "503 ABORTED",
          "503 OUT_OF_RANGE",
          "503 DATA_LOSS" ->
          "503 UNAVAILABLE";
      case "500 NOT_FOUND", "500 ALREADY_EXISTS", "500 FAILED_PRECONDITION" -> "500 UNKNOWN";
      default -> there;
    };
  }

  static Stream<Arguments> statuses() {
    return Stream.of(Status.Code.values())
        .flatMap(
            code -> Stream.of(Arguments.arguments(code, false), Arguments.arguments(code, true)));
  }

  @Test
  void silenceOfGrpcGoesBack() {
    grpcDestination.beSilent();
    assertThat(answers(ours, Signal.LOGS, LOGS))
        .isEqualTo(here(answers(theirs, Signal.LOGS, LOGS)));
  }

  @Test
  void aCutConnectionGoesBack() {
    assertThat(answers(ours, Signal.METRICS, POINTS))
        .isEqualTo(answers(theirs, Signal.METRICS, POINTS));
  }

  private static String answers(Gateway gateway, Signal signal, byte[] body) {
    var http = Http.post(gateway.uri("http", "/v1/" + signal), "application/x-protobuf", body);
    try (var grpc = new GrpcCaller(gateway.port("grpc"))) {
      return http.status() + " " + grpc.call(signal, body).code();
    }
  }
}
