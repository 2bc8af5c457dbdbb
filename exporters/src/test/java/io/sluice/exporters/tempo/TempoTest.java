package io.sluice.exporters.tempo;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.config.ConfigContract;
import io.sluice.data.Batch;
import io.sluice.data.OtlpJson;
import io.sluice.data.Signal;
import io.sluice.data.Validate;
import io.sluice.export.ExportPipe;
import io.sluice.exporters.tenant.TenantSink;
import io.sluice.exporters.tenant.Tenants;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Telemetry;
import io.sluice.testkit.BooksBalance;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.OnLoop;
import io.sluice.testkit.TestLoop;
import io.sluice.transport.TransportLoops;
import io.sluice.wire.Bytes;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Against a stand-in that tells whose traces came.
class TempoTest {
  private static final String SPAN =
      "{\"traceId\":\"0102030405060708090a0b0c0d0e0f10\",\"spanId\":\"0102030405060708\",\"name\":\"s\"}";

  private static String resource(String team) {
    return "{\"resource\":{\"attributes\":[{\"key\":\"team\",\"value\":{\"stringValue\":\"%s\"}}]},\"scopeSpans\":[{\"spans\":[%s]}]}"
        .formatted(team, SPAN);
  }

  private static Batch batch() {
    return batch(String.join(",", resource("red"), resource("blue"), resource("b/ad")));
  }

  private static Batch batch(String resources) {
    var json = "{\"resourceSpans\":[%s]}".formatted(resources);
    var checked = Validate.request(Signal.TRACES, OtlpJson.decode(Signal.TRACES, Bytes.utf8(json)));
    return Batch.of(Signal.TRACES, checked.otlp(), checked.items());
  }

  @Test
  void eachTenantsShareIsSentUnderItsName() throws Exception {
    var arrived = new CopyOnWriteArrayList<String>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          arrived.add(
              exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("X-Scope-OrgID"));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try (var loops = TransportLoops.of(1, 1)) {
      var loop = loops.home(Loop.Family.HTTP);
      var config =
          ConfigContract.bind(
              new TempoFactory(),
              "{protocol: http, endpoint: \"127.0.0.1:%d\", tls: {insecure: true}, tenant: {from_attribute: team}}"
                  .formatted(server.getAddress().getPort()));
      var exporter = new TempoFactory().create(config, Contexts.of(Kind.EXPORTER, "tempo", loop));
      OnLoop.<Void>run(loop, exporter::start);
      assertThat(OnLoop.run(loop, () -> exporter.accept(batch())))
          .isInstanceOfSatisfying(
              Outcome.Partial.class, partial -> assertThat(partial.rejectedItems()).isEqualTo(1));
      OnLoop.<Void>run(loop, exporter::stop);
    } finally {
      server.stop(0);
    }
    assertThat(arrived)
        .containsExactlyInAnyOrderElementsOf(List.of("/v1/traces red", "/v1/traces blue"));
  }

  @Test
  void defaultsAreAFewWords() {
    var problems = ConfigContract.problems(new TempoFactory(), "{}");
    assertThat(problems).isEmpty();
    assertThat(ConfigContract.problems(new TempoFactory(), "{protocol: http, endpoint: \"a b\"}"))
        .hasSize(1);
  }

  /// All together they take longer than the timeout, which is for each.
  @Test
  void slowAnswersToManyTenantsAreWaitedFor() {
    var loop = new TestLoop();
    var factory = new TempoFactory();
    var config =
        ConfigContract.bind(
            factory, "{endpoint: \"a:1\", timeout: 10s, tenant: {from_attribute: team}}");
    var sent = new ArrayList<String>();
    var sink =
        new TenantSink(
            Tenants.of(config.tenant()),
            false,
            (_, headers) -> {
              sent.add(headers.get("X-Scope-OrgID"));
              Promise<Outcome> answer = Promise.promise();
              loop.schedule(Duration.ofMillis(500), () -> answer.complete(new Outcome.Accepted()));
              return answer.future();
            });
    var telemetry = Telemetry.silent();
    var pipe =
        new ExportPipe(
            sink,
            factory.delivery(config),
            Signal.TRACES,
            List.of(),
            Contexts.of(Kind.EXPORTER, "tempo", telemetry, loop));
    var resources =
        IntStream.range(0, 100).mapToObj(i -> resource("team" + i)).collect(joining(","));
    pipe.inlet().accept(batch(resources));
    loop.advance(Duration.ofMinutes(1));
    assertThat(sent).hasSize(100).doesNotHaveDuplicates();
    BooksBalance.assertBalanced(telemetry.books());
    pipe.stop();
  }
}
