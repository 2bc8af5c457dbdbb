package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.FiveBackends.Backend;
import io.sluice.it.durability.Ledger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The example `five-backends`. Each of the five is killed in turn while data comes in: the other four have
/// meanwhile what was acknowledged, and it has all of it when it is back.
final class FiveBackendsIT {
  private static final int WHILE_ALL_ARE_THERE = 3;
  private static final int WHILE_ONE_IS_AWAY = 50;
  private static final int WHEN_IT_IS_BACK = 10;

  private static FiveBackends five;
  private static final Ledger LEDGER = new Ledger();

  @BeforeAll
  static void start() {
    five = new FiveBackends();
  }

  @AfterAll
  static void stop() {
    five.close();
  }

  @Test
  void theExampleShowsWhatEachBackendHas() {
    var shown = Programs.done(Map.of(), List.of(FiveBackends.EXAMPLE.resolve("run").toString()));
    assertThat(shown)
        .contains(
            "shop_orders_total 1 of shop/checkout",
            "card of order 4711 declined, taken on account (tenant team-a)",
            "['charge card', 'POST /checkout'] (tenant team-a)",
            "['POST /checkout', 'charge card']",
            "3 documents in ['logs-generic.otel-default', 'traces-generic.otel-default']");
  }

  @ParameterizedTest
  @EnumSource
  void oneThatIsAwayKeepsNobodyWaitingAndMissesNothing(Backend away) {
    Set<Long> forgotten;
    try (var sender = new NumberSender(five.sluice, FiveBackends.TENANT, LEDGER)) {
      sender.awaitMore(WHILE_ALL_ARE_THERE);
      five.kill(away);
      forgotten = away.remembers() ? Set.of() : Set.copyOf(LEDGER.acked);
      sender.awaitMore(WHILE_ONE_IS_AWAY);
      var until = new TreeSet<>(LEDGER.acked);
      for (var backend : Backend.values()) {
        if (backend != away) {
          awaitAll(backend, until);
        }
      }
      five.again(away);
      sender.awaitMore(WHEN_IT_IS_BACK);
    }
    LEDGER.acked.removeAll(forgotten); // it is asked of nobody any more
    assertThat(LEDGER.acked).hasSizeGreaterThanOrEqualTo(WHILE_ONE_IS_AWAY);
    for (var backend : Backend.values()) {
      awaitAll(backend, LEDGER.acked);
    }
    assertThat(LEDGER.words).as("none was refused").isEmpty();
  }

  /// What was acknowledged is there, and nothing that nobody sent.
  private static void awaitAll(Backend backend, Set<Long> acked) {
    var lost = new TreeSet<>(acked);
    Eventually.happens(
        () -> {
          var found = five.found(backend, lost);
          assertThat(found).allMatch(number -> number > 0 && number <= LEDGER.sent.get());
          found.forEach(lost::remove);
          return lost.isEmpty();
        },
        () -> backend + ": acknowledged " + acked.size() + ", and not there: " + lost);
  }
}
