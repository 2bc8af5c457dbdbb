package io.sluice.exporters.tenant;

import static io.sluice.exporters.tenant.TenantsTest.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Culprit;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.testkit.GivenUp;
import io.sluice.wire.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TenantSinkTest {
  private static final Outcome DOWN = Outcome.refused("down");

  private final List<String> sent = new ArrayList<>();
  private final Map<String, Outcome> answers = new HashMap<>();
  private final TenantSink sink = sink(false);

  private TenantSink sink(boolean keepsDeadLetters) {
    return new TenantSink(
        TenantsTest.tenants("", "team", "", "", 99), keepsDeadLetters, this::send);
  }

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
    assertThat(sink.accept(batch).result())
        .isInstanceOfSatisfying(
            Outcome.Refused.class, each -> assertThat(each.whole()).isEqualTo(answers.get("b")));
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
            false,
            (_, _) -> {
              open.add(Promise.promise());
              return open.getLast().future();
            });
    var names = "abcdefghijkl".split("");
    var answer = slow.accept(batch(names));
    for (int left = names.length; left > 0; left--) {
      assertThat(open).hasSize(Math.min(left, Round.AT_ONCE));
      open.removeFirst().complete(new Outcome.Accepted());
    }
    assertThat(answer.result()).isEqualTo(new Outcome.Accepted());
  }

  @Test
  void onlyTheRefusedTenantsItemsAreLostIfTheyDoNotComeAgain() {
    answers.put("b", new Outcome.Refused(Pressure.THROTTLED, Duration.ZERO, "slow down"));
    var refused = sink.accept(batch("a", "b", "a", "b")).result();
    assertThat(partly(refused).works()).as("for the other tenant").isTrue();
    var outcome = (Outcome.Partial) GivenUp.of(refused);
    assertThat(outcome.rejectedItems()).isEqualTo(2);
    assertThat(words(outcome)).containsExactly("UNKNOWN retries exhausted: slow down #2");
  }

  private static Outcome.Partly partly(Outcome outcome) {
    return Objects.requireNonNull(((Outcome.Refused) outcome).partly());
  }

  private static List<String> words(Outcome.Partial outcome) {
    return outcome.culprits().stream()
        .map(each -> each.fault() + " " + each.reason() + " #" + each.batch().items())
        .toList();
  }

  @Test
  void whatAnAttemptBeforeDeliveredDoesNotSayThatTheServerWorks() {
    answers.put("b", DOWN);
    var batch = batch("a", "b");
    assertThat(partly(sink.accept(batch).result()).works()).as("down at the end").isFalse();
    var second = sink.accept(batch).result();
    assertThat(partly(second).works()).isFalse();
    assertThat(((Outcome.Partial) GivenUp.of(second)).rejectedItems()).isEqualTo(1);
  }

  @Test
  void aServerThatTookNothingHasNoPart() {
    answers.put("a", DOWN);
    answers.put("b", DOWN);
    assertThat(sink.accept(batch("a", "b")).result()).isEqualTo(DOWN);
  }

  @Test
  void aServerThatIsAwayIsNotAskedForEachTenant() {
    var names = "abcdefghijkl".split("");
    for (var name : names) {
      answers.put(name, DOWN);
    }
    var batch = batch(names);
    assertThat(sink.accept(batch).result()).isEqualTo(DOWN);
    assertThat(sent).hasSize(Round.SILENCES_MAX);
    answers.remove("l");
    sent.clear();
    assertThat(sink.accept(batch).result()).isEqualTo(DOWN);
    assertThat(sent).as("who was refused comes last").containsExactly("e:1", "f:1", "g:1", "h:1");
    assertThat(partly(sink.accept(batch).result()).works()).isFalse();
    assertThat(sent).contains("l:1");
  }

  @Test
  void aShareThatIsTooLargeGoesOutInPieces() {
    var arrived = new ArrayList<String>();
    var small =
        new TenantSink(
            TenantsTest.tenants("", "team", "", "", 99),
            false,
            (batch, headers) -> {
              if (batch.items() > 2) {
                return new Outcome.Rejected(Fault.TOO_LARGE, "HTTP 413").now();
              }
              arrived.add(headers.values() + ":" + batch.items());
              return new Outcome.Accepted().now();
            });
    assertThat(small.accept(batch("a", "a", "b", "a", "a", "a")).result())
        .isEqualTo(new Outcome.Accepted());
    assertThat(arrived).containsExactly("[a]:2", "[a]:1", "[a]:2", "[b]:1");
  }

  /// As with a batch of one tenant, for which the pipe does it.
  @Test
  void invalidItemsAreFoundWhereDeadLettersAreKept() {
    var searched = (Outcome.Partial) picky(true).accept(batch("a", "a", "b", "a", "a")).result();
    assertThat(words(searched)).containsExactly("INVALID the third #1");
    assertThat(text(searched.culprits().getFirst().batch())).contains("record 3");
    var whole = (Outcome.Partial) picky(false).accept(batch("a", "a", "b", "a", "a")).result();
    assertThat(words(whole)).containsExactly("INVALID the third #4");
  }

  private static TenantSink picky(boolean keepsDeadLetters) {
    return new TenantSink(
        TenantsTest.tenants("", "team", "", "", 99),
        keepsDeadLetters,
        (batch, _) ->
            text(batch).contains("record 3")
                ? new Outcome.Rejected(Fault.INVALID, "the third").now()
                : Outcome.accepted());
  }

  private static String text(Batch batch) {
    return batch.otlp().parts().stream().map(Bytes::utf8).collect(Collectors.joining());
  }

  @Test
  void aPieceThatWasRefusedComesAgainAlone() {
    var full = new Outcome.Rejected(Fault.TOO_LARGE, "HTTP 413");
    var script = new ArrayDeque<Outcome>(List.of(full, new Outcome.Accepted(), DOWN));
    var scripted =
        new TenantSink(
            TenantsTest.tenants("", "team", "", "", 99),
            false,
            (batch, headers) -> {
              sent.add(headers.values() + ":" + batch.items());
              return script.isEmpty() ? Outcome.accepted() : script.removeFirst().now();
            });
    var batch = batch("a", "a", "a", "a", "a", "b");
    assertThat(scripted.accept(batch).result()).isInstanceOf(Outcome.Refused.class);
    assertThat(sent).containsExactly("[a]:5", "[a]:3", "[a]:2", "[b]:1");
    sent.clear();
    assertThat(scripted.accept(batch).result()).isEqualTo(new Outcome.Accepted());
    assertThat(sent).containsExactly("[a]:2");
  }

  @Test
  void whoseDataIsNeverTakenIsNotSearchedOverAndOver() {
    answers.put("a", new Outcome.Rejected(Fault.INVALID, "no"));
    var names = new String[65];
    Arrays.fill(names, "a");
    names[64] = "b";
    var searching = sink(true);
    var first = (Outcome.Partial) searching.accept(batch(names)).result();
    assertThat(first.rejectedItems()).isEqualTo(64);
    assertThat(sent).hasSizeBetween(Search.HOPELESS_AFTER, 2 * Search.HOPELESS_AFTER);
    sent.clear();
    searching.accept(batch(names));
    assertThat(sent).containsExactly("a:64", "b:1");
    answers.clear();
    searching.accept(batch(names));
    answers.put("a", new Outcome.Rejected(Fault.INVALID, "no"));
    sent.clear();
    searching.accept(batch(names));
    assertThat(sent).as("something was taken since").hasSizeGreaterThan(2);
  }
}
