package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.data.Signal;
import io.sluice.it.Gateway.Kind;
import io.sluice.testkit.Payloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// A disk queue under a real process: what was answered with OK arrives, whatever happens in between.
/// Sender and sink keep ledgers of their own.
final class DurabilityIT {
  private static final int KILLS = 6;
  private static final int SPANS = 3;
  private static final String YAML =
      """
      extensions:
        file_storage: {directory: "%dir%/queue", create_directory: true}
      receivers:
        otlp: {protocols: {grpc: {endpoint: "127.0.0.1:@grpc@"}}}
      exporters:
        otlp_grpc/out:
          endpoint: "127.0.0.1:{sink}"
          tls: {insecure: true}
          compression: none
          retry_on_failure: {initial_interval: 50ms, max_interval: 200ms}
          sending_queue: {storage: file_storage, queue_size: 100000}
      service:
        extensions: [file_storage]
        pipelines:
          traces: {receivers: [otlp], exporters: [otlp_grpc/out]}
      """;

  /// Names of spans that have arrived, and how often any did again.
  private static final class Sink implements AutoCloseable {
    final Set<String> names = ConcurrentHashMap.newKeySet();
    final AtomicLong duplicates = new AtomicLong();
    final GrpcDestination destination;

    Sink() throws IOException {
      destination = new GrpcDestination(this::take);
    }

    private void take(byte[] request) {
      try {
        for (var resource : ExportTraceServiceRequest.parseFrom(request).getResourceSpansList()) {
          for (var scope : resource.getScopeSpansList()) {
            scope
                .getSpansList()
                .forEach(span -> duplicates.addAndGet(names.add(span.getName()) ? 0 : 1));
          }
        }
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      }
    }

    void up() {
      destination.answer(Status.OK, Optional.empty());
    }

    void down() {
      destination.answer(Status.UNAVAILABLE, Optional.empty());
    }

    void awaitAll(Set<String> names) {
      Eventually.happens(
          () -> this.names.containsAll(names),
          () -> {
            var missing = new ArrayList<>(names);
            missing.removeAll(this.names);
            return "lost: " + missing;
          });
    }

    String yaml() {
      return YAML.replace("{sink}", String.valueOf(destination.port()));
    }

    @Override
    public void close() {
      destination.close();
    }
  }

  /// Sends until told to stop, through any number of lives of the gateway.
  private static final class Sender implements AutoCloseable {
    final Set<String> sent = ConcurrentHashMap.newKeySet();
    final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<CompletableFuture<Void>> running = new ArrayList<>();

    Sender(int port, int connections) {
      for (int i = 0; i < connections; i++) {
        var prefix = "c" + i + "-";
        running.add(
            CompletableFuture.runAsync(
                () -> run(port, prefix), task -> Thread.ofPlatform().daemon().start(task)));
      }
    }

    private void run(int port, String prefix) {
      try (var grpc = new GrpcCaller(port)) {
        for (int i = 0; !over.get(); i++) {
          var names = names(prefix + i + "-");
          sent.addAll(names);
          var request = Payloads.spans(prefix + i + "-", SPANS).otlp().flatten().toArray();
          if (grpc.call(Signal.TRACES, request).code() == Status.Code.OK) {
            answered.addAll(names);
          } else {
            Eventually.pause();
          }
        }
      }
    }

    void awaitMore(int more) {
      int from = answered.size();
      Eventually.happens(() -> answered.size() >= from + more, () -> "stuck at " + answered.size());
    }

    Set<String> end() {
      over.set(true);
      running.forEach(CompletableFuture::join);
      return answered;
    }

    @Override
    public void close() {
      end();
    }
  }

  private static List<String> names(String prefix) {
    var names = new ArrayList<String>();
    for (int i = 0; i < SPANS; i++) {
      names.add(prefix + "-" + i);
    }
    return names;
  }

  private static Set<String> send(Gateway gateway, String prefix, int requests) {
    Set<String> names = ConcurrentHashMap.newKeySet();
    try (var grpc = new GrpcCaller(gateway.port("grpc"))) {
      for (int i = 0; i < requests; i++) {
        var request = Payloads.spans(prefix + i + "-", SPANS).otlp().flatten().toArray();
        var answer = grpc.call(Signal.TRACES, request);
        assertThat(answer.code()).as(answer.message()).isEqualTo(Status.Code.OK);
        names.addAll(names(prefix + i + "-"));
      }
    }
    return names;
  }

  @Test
  void whatWasAnsweredSurvivesAnyNumberOfKills() throws IOException {
    try (var sink = new Sink()) {
      var gateway = Gateway.sluice(sink.yaml());
      try (var sender = new Sender(gateway.port("grpc"), 4)) {
        for (int i = 0; i < KILLS; i++) {
          if (i % 2 == 0) {
            sink.down();
          } else {
            sink.up();
          }
          sender.awaitMore(100);
          gateway.kill();
          gateway = gateway.again();
        }
        sink.up();
        sender.awaitMore(100);
        var answered = sender.end();
        sink.awaitAll(answered);
        assertThat(sender.sent).as("nothing is invented").containsAll(sink.names);
        assertThat(sink.duplicates.get()).as("kills hit what was on its way").isPositive();
      } finally {
        gateway.close();
      }
    }
  }

  @Test
  void whatADeadBackendDidNotTakeIsDeliveredAfterARestart() throws IOException {
    try (var sink = new Sink()) {
      sink.down();
      var gateway = Gateway.sluice(sink.yaml());
      var answered = send(gateway, "a", 50);
      assertThat(gateway.scrape())
          .containsPattern("otelcol_exporter_queue_size\\{.*otlp_grpc/out.*} 50");
      assertThat(gateway.stop()).as(gateway.log()).isZero();
      assertThat(gateway.log())
          .contains("Shutdown complete.")
          .doesNotContain("did not end in time");

      gateway = gateway.again();
      assertThat(gateway.log()).contains("Delivering what was stored before");
      answered.addAll(send(gateway, "b", 10));
      sink.up();
      sink.awaitAll(answered);
      gateway.close();
    }
  }

  @Test
  void aBackendThatHangsDoesNotKeepTheProcessFromStopping() throws IOException {
    try (var sink = new Sink()) {
      sink.destination.beSilent();
      var gateway = Gateway.sluice(sink.yaml().replace("compression: none", "timeout: 0s"));
      var answered = send(gateway, "a", 50);
      assertThat(gateway.stop()).as(gateway.log()).isZero();
      assertThat(gateway.log())
          .contains("Shutdown complete.")
          .doesNotContain("did not end in time");
      sink.up();
      gateway = gateway.again();
      sink.awaitAll(answered);
      gateway.close();
    }
  }

  @Test
  void aSecondProcessOnTheDirectoryIsRefused() throws IOException {
    try (var sink = new Sink();
        var gateway = Gateway.sluice(sink.yaml())) {
      var second =
          Programs.run(
              Map.of(),
              Kind.SLUICE.command(
                  "--config=" + gateway.file("gateway.yaml"),
                  "--set=receivers.otlp.protocols.grpc.endpoint=127.0.0.1:0",
                  "--set=service.telemetry.metrics.level=none"));
      assertThat(second.status()).as(second.output()).isEqualTo(1);
      assertThat(second.output())
          .contains(
              "file_storage", gateway.file("queue").toString(), "another process has it open");
      sink.awaitAll(send(gateway, "a", 5));
    }
  }

  @Test
  void whatTheBackendWillNeverTakeIsADeadLetter() throws IOException {
    try (var sink = new Sink()) {
      sink.destination.answer(Status.INVALID_ARGUMENT.withDescription("no"), Optional.empty());
      var gateway = Gateway.sluice(sink.yaml());
      send(gateway, "a", 5);
      var running = gateway;
      Eventually.happens(
          () ->
              running
                  .scrape()
                  .lines()
                  .anyMatch(line ->
                      line.startsWith("sluice_exporter_dead_lettered_spans")
                          && line.matches(".* 15(\\.0)?")),
          gateway::scrape);
      gateway.close();
      sink.up();
      gateway = gateway.again();
      sink.awaitAll(send(gateway, "b", 5));
      assertThat(sink.names).noneMatch(name -> name.startsWith("a"));
      gateway.close();
    }
  }

  @Test
  void aReloadKeepsQueues() throws IOException {
    try (var sink = new Sink()) {
      sink.down();
      try (var gateway = Gateway.sluice(sink.yaml())) {
        var answered = send(gateway, "a", 20);
        gateway.reload(sink.yaml().replace("compression: none", "compression: gzip"));
        gateway.server().awaitLog("Configuration reloaded.", 1);
        answered.addAll(send(gateway, "b", 20));
        gateway.reload(
            sink.yaml()
                .replace("create_directory: true", "create_directory: true, age_max: 1000h"));
        gateway.server().awaitLog("Configuration reloaded.", 2);
        answered.addAll(send(gateway, "c", 20));
        sink.up();
        sink.awaitAll(answered);
      }
    }
  }

  @Test
  void aQueueWhoseExporterIsGoneIsAnErrorUnlessItIsToBeDropped() throws IOException {
    try (var sink = new Sink()) {
      sink.down();
      var gateway = Gateway.sluice(sink.yaml());
      send(gateway, "a", 5);
      assertThat(gateway.stop()).isZero();
      var renamed = sink.yaml().replace("otlp_grpc/out", "otlp_grpc/other");
      var other = renamed.replace("%dir%", gateway.file("").toString()).replace("@grpc@", "0");
      var refused =
          Programs.run(
              Map.of(),
              Kind.SLUICE.command(
                  "--config=yaml:" + other, "--set=service.telemetry.metrics.level=none"));
      assertThat(refused.status()).as(refused.output()).isEqualTo(1);
      assertThat(refused.output()).contains("otlp_grpc/out:traces (15 items)", "orphan: drop");
    }
  }
}
