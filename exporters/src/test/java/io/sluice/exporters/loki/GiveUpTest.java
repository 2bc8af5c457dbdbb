package io.sluice.exporters.loki;

import static io.sluice.exporters.loki.FakeLoki.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.exporters.loki.FakeLoki.Answer;
import io.sluice.pipeline.Outcome;
import io.sluice.testkit.GivenUp;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class GiveUpTest {
  @Test
  void onlyTheRefusedTenantsRecordsAreLostIfTheyDoNotComeAgain() throws Exception {
    try (var loki = new FakeLoki();
        var sending = new Sending("tenant: {from_attribute: service.name}", loki.endpoint())) {
      loki.script =
          request ->
              "bank".equals(request.headers().getFirst("X-Scope-OrgID"))
                  ? new Answer(429, Map.of(), "slow down")
                  : TAKEN;
      var refused =
          sending.send(
              Sending.resources(
                  Sending.resource("shop", "s", 2), Sending.resource("bank", "b", 3)));
      assertThat(Objects.requireNonNull(((Outcome.Refused) refused).partly()).works())
          .as("for the other tenant")
          .isTrue();
      var outcome = (Outcome.Partial) GivenUp.of(refused);
      assertThat(outcome.rejectedItems()).isEqualTo(3);
      assertThat(outcome.culprits())
          .extracting(each -> each.reason() + " " + each.batch().items())
          .containsExactly("retries exhausted: HTTP 429: slow down 3");
    }
  }

  @Test
  void aServerThatTookNothingHasNoPart() throws Exception {
    try (var loki = new FakeLoki();
        var sending = new Sending("{}", loki.endpoint())) {
      loki.script = _ -> new Answer(503, Map.of(), "down");
      var refused = sending.send(Sending.resources(Sending.resource("shop", "s", 2)));
      assertThat(refused)
          .isInstanceOfSatisfying(
              Outcome.Refused.class, each -> assertThat(each.partly()).isNull());
    }
  }
}
