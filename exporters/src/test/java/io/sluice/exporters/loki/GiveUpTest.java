package io.sluice.exporters.loki;

import static io.sluice.exporters.loki.FakeLoki.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pipeline.Outcome;
import io.sluice.testkit.GivenUp;
import io.sluice.testkit.ScriptedServer.Answer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class GiveUpTest {
  @Test
  void onlyTheRefusedTenantsRecordsAreLostIfTheyDoNotComeAgain() throws Exception {
    try (var loki = new FakeLoki();
        var sending = new Sending("tenant: {from_attribute: service.name}", loki.endpoint())) {
      loki.script =
          request -> "bank".equals(request.tenant()) ? Answer.of(429, "slow down") : TAKEN;
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
      loki.script = _ -> Answer.of(503, "down");
      var refused = sending.send(Sending.resources(Sending.resource("shop", "s", 2)));
      assertThat(refused)
          .isInstanceOfSatisfying(
              Outcome.Refused.class, each -> assertThat(each.partly()).isNull());
    }
  }
}
