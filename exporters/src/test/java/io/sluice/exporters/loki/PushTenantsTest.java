package io.sluice.exporters.loki;

import static io.sluice.exporters.loki.FakeLoki.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.testkit.ScriptedServer.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Several tenants in one batch.
class PushTenantsTest extends Scene {
  @Test
  void oneTenantsRefusalDoesNotStopAnother() throws Exception {
    open("tenant: {from_attribute: service.name}");
    var batch =
        Sending.resources(
            Sending.resource("shop", "s", 2),
            Sending.resource("bank", "b", 2),
            Sending.resource("cafe", "c", 2));
    loki.script =
        request ->
            switch (request.tenant()) {
              case "shop" -> Answer.of(429, Map.of("Retry-After", "7"), "shop");
              case "cafe" -> Answer.of(503, Map.of("Retry-After", "3"), "cafe");
              default -> TAKEN;
            };
    assertThat(((Outcome.Refused) sending.send(batch)).whole())
        .isEqualTo(
            new Outcome.Refused(Pressure.THROTTLED, Duration.ofSeconds(7), "HTTP 429: shop"));
    assertThat(loki.lines()).containsExactly("s-0", "s-1", "b-0", "b-1", "c-0", "c-1");
    loki.requests.clear();
    loki.script = _ -> TAKEN;
    assertThat(sending.send(batch)).isEqualTo(new Outcome.Accepted());
    assertThat(loki.lines()).containsExactlyInAnyOrder("s-0", "s-1", "c-0", "c-1");
  }

  @Test
  void oneTenantsCredentialsDoNotStopAnother() throws Exception {
    open("tenant: {from_attribute: service.name}");
    loki.script = request -> "shop".equals(request.tenant()) ? Answer.of(401, "no org") : TAKEN;
    assertThat(culprits(sending.send(shopAndBank(2))))
        .isEqualTo(Map.of("HTTP 401: no org", List.of("s-0", "s-1")));
    assertThat(loki.requests.getLast().lines()).containsExactly("b-0", "b-1");
  }
}
