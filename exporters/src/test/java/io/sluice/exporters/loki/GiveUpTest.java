package io.sluice.exporters.loki;

import static io.sluice.exporters.loki.FakeLoki.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pipeline.Outcome;
import io.sluice.testkit.GivenUp;
import io.sluice.testkit.ScriptedServer.Answer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class GiveUpTest extends Scene {
  @Test
  void onlyTheRefusedTenantsRecordsAreLostIfTheyDoNotComeAgain() throws Exception {
    open("tenant: {from_attribute: service.name}");
    loki.script = request -> request.tenant().equals("bank") ? Answer.of(429, "slow down") : TAKEN;
    var refused =
        sending.send(
            Sending.resources(Sending.resource("shop", "s", 2), Sending.resource("bank", "b", 3)));
    assertThat(Objects.requireNonNull(((Outcome.Refused) refused).partly()).works())
        .as("for the other tenant")
        .isTrue();
    var outcome = (Outcome.Partial) GivenUp.of(refused);
    assertThat(outcome.rejectedItems()).isEqualTo(3);
    assertThat(outcome.culprits())
        .extracting(each -> each.reason() + " " + each.batch().items())
        .containsExactly("retries exhausted: HTTP 429: slow down 3");
  }

  private static boolean works(Outcome refused) {
    return Objects.requireNonNull(((Outcome.Refused) refused).partly()).works();
  }

  @Test
  void whatWasTakenBeforeDoesNotSayThatTheServerWorks() throws Exception {
    open("tenant: {from_attribute: service.name}");
    loki.script = request -> request.tenant().equals("bank") ? Answer.of(429, "slow down") : TAKEN;
    var batch = shopAndBank(2);
    assertThat(works(sending.send(batch))).isTrue();
    loki.script = _ -> Answer.of(503, "down");
    assertThat(works(sending.send(batch))).as("it answered nothing else").isFalse();
  }

  /// Else the pipe would learn from it how large a request may be.
  @Test
  void whereAllIsLostNoneIsRejectedAsAWhole() throws Exception {
    open("tenant: {from_attribute: service.name}");
    loki.script =
        request -> request.tenant().equals("bank") ? Answer.of(413, "no") : Answer.of(503, "down");
    var outcome = (Outcome.Partial) GivenUp.of(sending.send(shopAndBank(1)));
    assertThat(outcome.rejectedItems()).isEqualTo(2);
    assertThat(outcome.culprits())
        .extracting(Outcome.Culprit::fault)
        .containsExactly(Outcome.Fault.UNKNOWN, Outcome.Fault.TOO_LARGE);
  }

  /// In the order of the faults, which is the same in each run.
  @Test
  void culpritsOfOneTenantAreInOrder() throws Exception {
    open("max_batch_size_bytes: 1024");
    loki.script =
        request -> {
          var lines = request.lines();
          return lines.contains("s-0")
              ? Answer.of(413, "no")
              : lines.contains("s-1")
                  ? Answer.of(400, "bad")
                  : lines.contains("s-99") ? Answer.of(503, "down") : TAKEN;
        };
    var outcome = (Outcome.Partial) GivenUp.of(sending.send(shop(100)));
    assertThat(outcome.culprits())
        .extracting(Outcome.Culprit::fault)
        .containsExactly(Outcome.Fault.INVALID, Outcome.Fault.TOO_LARGE, Outcome.Fault.UNKNOWN);
  }

  @Test
  void aServerThatTookNothingHasNoPart() throws Exception {
    open("{}");
    loki.script = _ -> Answer.of(503, "down");
    assertThat(sending.send(shop(2)))
        .isInstanceOfSatisfying(Outcome.Refused.class, each -> assertThat(each.partly()).isNull());
  }
}
