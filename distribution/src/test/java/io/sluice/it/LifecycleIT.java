package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.sluice.data.Signal;
import io.sluice.it.Gateway.Kind;
import io.sluice.testkit.Json;
import io.sluice.testkit.Payloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Start, reload and stop of the process, alone and under load.
final class LifecycleIT {
  private static final String YAML =
      """
      receivers:
        otlp: {protocols: {grpc: {endpoint: "127.0.0.1:@grpc@"}, http: {endpoint: "127.0.0.1:@http@"}}}
      processors:
        batch: {timeout: 20ms}
        resource: {attributes: [{key: generation, value: first, action: upsert}]}
      exporters:
        file: {path: "%dir%/out.json", append: true}
      service:
        pipelines:
          traces: {receivers: [otlp], processors: [resource, batch], exporters: [file]}
      """;
  private static final String SECRET = "hunter2-hunter2";
  private static final int SPANS = 10;

  /// Sends until told to stop; knows what was answered with OK.
  private static final class Load implements AutoCloseable {
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<String> answered = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final int port;
    private final int callsPerConnection;
    private GrpcCaller grpc;
    private final CompletableFuture<Void> running;

    Load(int port) {
      this(port, Integer.MAX_VALUE);
    }

    Load(int port, int callsPerConnection) {
      this.port = port;
      this.callsPerConnection = callsPerConnection;
      grpc = new GrpcCaller(port);
      running =
          CompletableFuture.runAsync(this::run, task -> Thread.ofPlatform().daemon().start(task));
    }

    private void run() {
      for (int i = 0; !over.get(); i++) {
        var name = "load-" + i + "-";
        var spans = Payloads.spans(name, SPANS).otlp().flatten().toArray();
        if (i > 0 && i % callsPerConnection == 0) {
          grpc.close();
          grpc = new GrpcCaller(port);
        }
        var answer = grpc.call(Signal.TRACES, spans);
        if (answer.code() == Status.Code.OK) {
          synchronized (this) {
            answered.add(name);
          }
        } else {
          synchronized (this) {
            failures.add(answer.code() + " " + answer.message());
          }
        }
      }
    }

    synchronized int count() {
      return answered.size();
    }

    synchronized List<String> failures() {
      return List.copyOf(failures);
    }

    void awaitMore(int more) {
      int from = count();
      Eventually.happens(() -> count() >= from + more, () -> "stuck at " + count() + failures());
    }

    /// Those answered with OK, each name once.
    List<String> end() {
      over.set(true);
      running.join();
      return answered;
    }

    @Override
    public void close() {
      end();
      grpc.close();
    }
  }

  private static void assertHolds(String lines, List<String> names) {
    var held =
        Items.records(lines)
            .map(item -> Json.text(Json.object(item.get("record")).get("name")))
            .toList();
    assertThat(held).hasSizeGreaterThanOrEqualTo(names.size() * SPANS);
    for (var name : names) {
      assertThat(held).contains(name + "-0", name + "-" + (SPANS - 1));
    }
  }

  @Test
  void sigtermUnderLoadLosesNothingThatWasAnswered() {
    var gateway = Gateway.sluice(YAML);
    try (var load = new Load(gateway.port("grpc"))) {
      load.awaitMore(200);
      assertThat(gateway.server().stop()).as(gateway.log()).isZero();
      assertHolds(Programs.read(gateway.file("out.json")), load.end());
    }
    assertThat(gateway.log()).contains("Shutdown complete.");
  }

  @Test
  void sighupUnderLoadChangesTheGraphAndLosesNothing() {
    List<String> names;
    Gateway gateway = Gateway.sluice(YAML);
    try (gateway;
        var load = new Load(gateway.port("grpc"))) {
      load.awaitMore(100);
      gateway.reload(YAML.replace("value: first", "value: second"));
      gateway.server().awaitLog("Configuration reloaded.", 1);
      load.awaitMore(100);
      gateway.reload(YAML.replace("value: first", "value: third"));
      gateway.server().awaitLog("Configuration reloaded.", 2);
      load.awaitMore(100);
      names = load.end();
      assertThat(load.failures()).as("the connection went on").isEmpty();
    }
    var text = Programs.read(gateway.file("out.json"));
    assertHolds(text, names);
    assertThat(text).contains("\"first\"", "\"second\"", "\"third\"");
  }

  /// Each call on a connection of its own.
  @Test
  void aReceiverThatChangesOnSighupRefusesNobody() {
    try (var gateway = Gateway.sluice(YAML);
        var load = new Load(gateway.port("grpc"));
        var connecting = new Load(gateway.port("grpc"), 1)) {
      for (int i = 1; i <= 3; i++) {
        load.awaitMore(20);
        connecting.awaitMore(20);
        gateway.reload(YAML.replace("@grpc@\"", "@grpc@\", max_recv_msg_size_mib: " + (4 + i)));
        gateway.server().awaitLog("Configuration reloaded.", i);
      }
      load.awaitMore(20);
      connecting.awaitMore(20);
      load.end();
      connecting.end();
      assertThat(load.failures()).isEmpty();
      assertThat(connecting.failures()).isEmpty();
    }
  }

  /// The reload is finished first, or never begun; then all that was answered goes out.
  @Test
  void sigtermDuringAReloadLosesNothingThatWasAnswered() {
    var gateway = Gateway.sluice(YAML);
    try (var load = new Load(gateway.port("grpc"))) {
      load.awaitMore(100);
      gateway.reload(
          YAML.replace("@grpc@\"", "@grpc@\", max_recv_msg_size_mib: 5")
              .replace("timeout: 20ms", "timeout: 30ms"));
      gateway.server().awaitLog("Received SIGHUP", 1);
      assertThat(gateway.server().stop()).as(gateway.log()).isZero();
      assertHolds(Programs.read(gateway.file("out.json")), load.end());
    }
    assertThat(gateway.log()).contains("Shutdown complete.");
  }

  @Test
  void aSecondGatewayAtTheSamePortSaysThatItIsInUse() {
    try (var gateway = Gateway.sluice(YAML)) {
      var port = gateway.port("grpc");
      var second =
          Programs.run(
              Map.of(),
              Kind.SLUICE.command(
                  "--config=" + gateway.file("gateway.yaml"),
                  "--set=service.telemetry.metrics.level=none"));
      assertThat(second.status()).as(second.output()).isEqualTo(1);
      assertThat(second.output()).containsIgnoringCase("address already in use");
      try (var grpc = new GrpcCaller(port)) {
        var spans = Payloads.spans("s", 1).otlp().flatten().toArray();
        assertThat(grpc.call(Signal.TRACES, spans).code()).isEqualTo(Status.Code.OK);
      }
    }
  }

  @Test
  void aBadFileOnSighupLeavesTheOldOneRunning() {
    try (var gateway = Gateway.sluice(YAML);
        var load = new Load(gateway.port("grpc"))) {
      load.awaitMore(10);
      gateway.reload(YAML.replace("timeout: 20ms", "timeout: soon"));
      gateway.server().awaitLog("the one before goes on", 1);
      load.awaitMore(50);
      assertThat(gateway.log())
          .containsPattern("gateway\\.yaml:4:\\d+: processors::batch::timeout");
      load.end();
      assertThat(load.failures()).isEmpty();
    }
  }

  @Test
  void aPortThatIsTakenOnSighupLeavesTheOldOneRunning() {
    var other = Gateway.sluice(YAML);
    try (other;
        var gateway = Gateway.sluice(YAML);
        var load = new Load(gateway.port("grpc"))) {
      gateway.reload(YAML.replace("@http@", String.valueOf(other.port("http"))));
      gateway.server().awaitLog("the one before goes on", 1);
      load.awaitMore(50);
      load.end();
      assertThat(load.failures()).as("its sockets stayed open").isEmpty();
      assertThat(
              Http.post(
                      gateway.uri("http", "/v1/traces"),
                      "application/json",
                      "{}".getBytes(Programs.UTF_8))
                  .status())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --config=/nonexistent/x.yaml            | /nonexistent/x.yaml
          --confg=x.yaml                          | unknown flag: --confg
          --config                                | flag needs an argument: --config
          validate --config=yaml:{                | invalid configuration
          --config=yaml:a                         | invalid configuration
          --config=env:SLUICE_IT_NOT_SET          | SLUICE_IT_NOT_SET
          --config=vault:x                        | vault
          --set=a --config=yaml:{}                | key=value
          --feature-gates=no.such --config=yaml:{}| no.such
          frobnicate                              | unknown command 'frobnicate'
          ''                                      | at least one config flag must be provided
          """)
  void aBadCommandLineSaysWhatIsWrong(String words, String says) {
    var arguments = words.isEmpty() ? new String[0] : words.split(" ");
    var ended = Programs.run(Map.of(), Kind.SLUICE.command(arguments));
    assertThat(ended.status()).as(ended.output()).isEqualTo(1);
    assertThat(ended.output()).contains(says).doesNotContain("Exception", "\tat ");
  }

  @Test
  void configurationsComeFromTheEnvironmentTheCommandLineAndSets() {
    var environment = Map.of("SLUICE_IT", "exporters: {debug: {verbosity: basic}}");
    var command =
        Kind.SLUICE.command(
            "print-config",
            "--config=yaml:receivers: {otlp: {protocols: {grpc: }}}",
            "--set=exporters.debug.verbosity=detailed",
            "--config=env:SLUICE_IT",
            "--config=yaml:service::pipelines::traces: {receivers: [otlp], exporters: [debug]}");
    var printed = Programs.done(environment, command);
    assertThat(printed).contains("verbosity: detailed", "endpoint: localhost:4317");
  }

  @Test
  void secretsAreNeverShown() {
    var yaml =
        """
        receivers:
          otlp: {protocols: {grpc: {endpoint: "127.0.0.1:@grpc@"}}}
        exporters:
          debug: {verbosity: detailed}
          otlp_grpc:
            endpoint: "127.0.0.1:@nobody@"
            tls: {insecure: true}
            headers: {authorization: "Bearer %1$s"}
            retry_on_failure: {enabled: false}
          otlp_http:
            endpoint: "http://user:%1$s@127.0.0.1:@nobody@"
            headers: {x-api-key: "%1$s"}
            retry_on_failure: {enabled: false}
        service:
          telemetry: {logs: {level: debug}}
          pipelines:
            traces: {receivers: [otlp], exporters: [otlp_grpc, otlp_http]}
        """
            .formatted(SECRET);
    try (var gateway = Gateway.sluice(yaml);
        var grpc = new GrpcCaller(gateway.port("grpc"))) {
      var spans = Payloads.spans("s", 1).otlp().flatten().toArray();
      var answer = grpc.call(Signal.TRACES, spans, "authorization", "Bearer " + SECRET);
      Eventually.happens(
          () -> gateway.log().contains("otlp_http") && gateway.log().contains("otlp_grpc"),
          gateway::log);
      assertThat(gateway.log()).doesNotContain(SECRET);
      assertThat(gateway.scrape()).doesNotContain(SECRET);
      assertThat(answer.message()).doesNotContain(SECRET);
      gateway.reload(
          yaml.replace(
              "debug: {verbosity: detailed}", "debug: {verbosity: " + SECRET.length() + "}"));
      gateway.server().awaitLog("the one before goes on", 1);
      assertThat(gateway.log()).doesNotContain(SECRET);
      for (var command : List.of("print-config", "validate")) {
        var file = "--config=" + gateway.file("gateway.yaml");
        assertThat(Programs.run(Map.of(), Kind.SLUICE.command(command, file)).output())
            .doesNotContain(SECRET);
        var wrong = "--set=exporters.otlp_grpc.headers=" + SECRET;
        assertThat(Programs.run(Map.of(), Kind.SLUICE.command(command, file, wrong)).output())
            .doesNotContain(SECRET);
      }
    }
  }
}
