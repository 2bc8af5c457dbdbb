package io.sluice.extensions.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Budget;
import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentContext.Build;
import io.sluice.component.ComponentContext.Extensions;
import io.sluice.component.ComponentId;
import io.sluice.component.Health;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.component.Status;
import io.sluice.component.Status.State;
import io.sluice.telemetry.Log;
import io.sluice.telemetry.Telemetry;
import io.sluice.transport.TransportLoops;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthCheckTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private final TransportLoops loops = TransportLoops.of(1, 1);
  private final Loop loop = loops.home(Loop.Family.HTTP);
  private final TestHealth health = new TestHealth();
  private HealthCheck extension = extension(HealthCheckConfig.defaults());

  private static final class TestHealth implements Health {
    volatile boolean ready = true;
    volatile Map<String, Map<String, Status>> components = Map.of();

    @Override
    public boolean ready() {
      return ready;
    }

    @Override
    public Instant startedAt() {
      return START;
    }

    @Override
    public Instant readySince() {
      return START;
    }

    @Override
    public Map<String, Map<String, Status>> components() {
      return components;
    }
  }

  private HealthCheck extension(HealthCheckConfig config) {
    var server = config.server().at("127.0.0.1:0");
    return new HealthCheck(
        new HealthCheckConfig(
            server,
            config.path(),
            config.responseBody(),
            config.checkCollectorPipeline(),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        new ComponentContext(
            Kind.EXTENSION,
            ComponentId.parse("health_check"),
            loop,
            loops,
            Budget.UNBOUNDED,
            Telemetry.silent(),
            Log.NONE,
            Status.Reporter.NONE,
            health,
            Extensions.NONE,
            InstantSource.fixed(START.plusMillis(62_500)),
            new Build("sluice", "Sluice", "test")));
  }

  @AfterEach
  void close() throws Exception {
    await(extension::stop);
    loops.close();
  }

  private void await(Supplier<Future<Void>> step) throws Exception {
    Promise<Void> done = Promise.promise();
    loop.execute(() -> step.get().onComplete(done));
    done.future().toCompletionStage().toCompletableFuture().get();
  }

  private HttpResponse<String> get(String path) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      int port = extension.addresses().getFirst().getPort();
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          BodyHandlers.ofString());
    }
  }

  @Test
  void saysInTheCollectorsWordsWhetherItTakesData() throws Exception {
    await(extension::start);
    var up = get("/");
    assertThat(up.statusCode()).isEqualTo(200);
    assertThat(up.body())
        .isEqualTo(
            "{\"status\":\"Server available\",\"upSince\":\"2026-01-02T03:04:05Z\",\"uptime\":\"1m2.5s\"}");

    health.ready = false;
    var down = get("/");
    assertThat(down.statusCode()).isEqualTo(503);
    assertThat(down.body())
        .isEqualTo(
            "{\"status\":\"Server not available\",\"upSince\":\"0001-01-01T00:00:00Z\",\"uptime\":\"\"}");
  }

  @Test
  void answersWithTheConfiguredBodyOnTheConfiguredPath() throws Exception {
    var defaults = HealthCheckConfig.defaults();
    extension =
        extension(
            new HealthCheckConfig(
                defaults.server(),
                "/health",
                Optional.of(new HealthCheckConfig.ResponseBody("yes", "no")),
                defaults.checkCollectorPipeline(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    await(extension::start);

    assertThat(get("/health").body()).isEqualTo("yes");
    assertThat(get("/").statusCode()).isEqualTo(404);
    health.ready = false;
    assertThat(get("/health").body()).isEqualTo("no");
  }

  @Test
  void aDeadBackendShowsInTheStatusAndNotInTheReadiness() throws Exception {
    var ok = new Status(State.OK, "", START);
    var dead = new Status(State.RECOVERABLE_ERROR, "connection refused", START);
    health.components =
        Map.of(
            "traces",
            Map.of("receiver:otlp", ok, "exporter:otlp_grpc", dead),
            "logs",
            Map.of("receiver:otlp", ok, "exporter:file", ok));
    await(extension::start);

    assertThat(get("/").statusCode()).isEqualTo(200);
    var whole = get("/status");
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(whole.body()).getString("status"))
        .isEqualTo("StatusRecoverableError");
    assertThat(new JsonObject(whole.body()).containsKey("components")).isFalse();
    assertThat(new JsonObject(get("/status?pipeline=logs").body()).getString("status"))
        .isEqualTo("StatusOK");
    assertThat(get("/status?pipeline=metrics").statusCode()).isEqualTo(404);

    var exporter =
        new JsonObject(get("/status?verbose").body())
            .getJsonObject("components")
            .getJsonObject("pipeline:traces")
            .getJsonObject("components")
            .getJsonObject("exporter:otlp_grpc");
    assertThat(exporter.getString("error")).isEqualTo("connection refused");
  }

  @Test
  void whileStartingItIsNotReady() throws Exception {
    health.components =
        Map.of("traces", Map.of("receiver:otlp", new Status(State.STARTING, "", START)));
    await(extension::start);

    assertThat(get("/status").statusCode()).isEqualTo(503);
  }
}
