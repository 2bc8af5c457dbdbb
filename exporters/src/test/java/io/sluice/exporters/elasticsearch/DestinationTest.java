package io.sluice.exporters.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Kind;
import io.sluice.data.Origin;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.telemetry.Telemetry;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.TestLoop;
import io.sluice.transport.auth.AuthException;
import io.sluice.wire.Bytes;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DestinationTest {
  private static final Origin TENANT = new Origin("otlp", "http", "", Map.of("t", List.of("1")));

  private final TestLoop loop = new TestLoop();
  private final List<Origin> origins = new ArrayList<>();

  private Outcome none(AuthException failure) {
    Nodes.Post post =
        (_, _, origin) -> {
          origins.add(origin);
          return Future.failedFuture(failure);
        };
    var context = Contexts.of(Kind.EXPORTER, "elasticsearch", Telemetry.silent(), loop);
    try (var destination =
        new Destination(
            new Nodes(List.of(post, post), loop),
            Optional.empty(),
            new BulkMeters(context),
            context.clock(),
            1000,
            Set.of())) {
      return destination.send(Bytes.utf8("{}\n"), TENANT).result().none();
    }
  }

  @Test
  void whoMayNotSendIsToldSoOnceAndForEver() {
    assertThat(none(new AuthException("no token")))
        .isEqualTo(new Outcome.Rejected(Fault.PERMISSION_DENIED, "no token"));
    assertThat(origins).containsExactly(TENANT);
  }

  @Test
  void aTokenThatIsNotThereYetIsWorthARetry() {
    assertThat(none(AuthException.passing("no token yet"))).isInstanceOf(Outcome.Refused.class);
  }
}
