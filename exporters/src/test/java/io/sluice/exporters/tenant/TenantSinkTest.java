package io.sluice.exporters.tenant;

import static io.sluice.exporters.tenant.TenantsTest.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Culprit;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantSinkTest {
  private final List<String> sent = new ArrayList<>();
  private final Map<String, Outcome> answers = new HashMap<>();
  private final TenantSink sink =
      new TenantSink(TenantsTest.tenants("", "team", "", "", 9), this::send);

  private Future<Outcome> send(Batch batch, Map<String, String> headers) {
    var name = headers.getOrDefault("X-Scope-OrgID", "");
    sent.add(name + ":" + batch.items());
    return answers.getOrDefault(name, new Outcome.Accepted()).now();
  }

  @Test
  void eachTenantGetsItsOwn() {
    assertThat(sink.accept(batch("a", "b", "a")).result()).isEqualTo(new Outcome.Accepted());
    assertThat(sent).containsExactly("a:2", "b:1");
  }

  @Test
  void whatHadArrivedIsNotSentAgain() {
    answers.put("b", new Outcome.Refused(Pressure.THROTTLED, Duration.ofSeconds(3), "slow"));
    answers.put("c", new Outcome.Refused(Pressure.UNAVAILABLE, Duration.ZERO, "down"));
    var batch = batch("a", "b", "c", "a");
    assertThat(sink.accept(batch).result()).isEqualTo(answers.get("b"));
    answers.clear();
    sent.clear();
    assertThat(sink.accept(batch).result()).isEqualTo(new Outcome.Accepted());
    assertThat(sent).containsExactly("b:1", "c:1");
  }

  @Test
  void whatOneTenantMayNotSendIsNamed() {
    answers.put("b", new Outcome.Rejected(Fault.UNAUTHENTICATED, "who are you"));
    var outcome = (Outcome.Partial) sink.accept(batch("a", "b", "x/y")).result();
    assertThat(outcome.rejectedItems()).isEqualTo(2);
    assertThat(outcome.culprits())
        .extracting(Culprit::reason)
        .containsExactly(
            "tenant 'x/y' (expected: letters, digits and !-_.*'() only)", "who are you");
  }

  @Test
  void oneTenantsAnswerIsTheAnswer() {
    answers.put("a", new Outcome.Rejected(Fault.INVALID, "no"));
    assertThat(sink.accept(batch("a", "a")).result()).isEqualTo(answers.get("a"));
    assertThat(sink.accept(batch("/")).result()).isInstanceOf(Outcome.Rejected.class);
    assertThat(sent).containsExactly("a:2");
  }

  @Test
  void onlyAFewAreUnderWayAtATime() {
    Deque<Promise<Outcome>> open = new ArrayDeque<>();
    var slow =
        new TenantSink(
            TenantsTest.tenants("", "team", "", "", 99),
            (_, _) -> {
              open.add(Promise.promise());
              return open.getLast().future();
            });
    var names = "abcdefghijkl".split("");
    var answer = slow.accept(batch(names));
    for (int left = names.length; left > 0; left--) {
      assertThat(open).hasSize(Math.min(left, TenantSink.AT_ONCE));
      open.removeFirst().complete(new Outcome.Accepted());
    }
    assertThat(answer.result()).isEqualTo(new Outcome.Accepted());
  }
}
