package io.sluice.exporters.loki;

import static io.sluice.exporters.loki.FakeLoki.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.testkit.ScriptedServer.Answer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Where Loki does not say who is at fault.
class SearchTest extends Scene {
  private static final int SEED = 7;

  /// Only suspects are searched, and what is with them is found innocent.
  @Test
  void amongAsManyAsAreNotNamedTheCulpritIsSearched() throws Exception {
    open("{}");
    var words =
        "stream '"
            + SHOP
            + "' has structured metadata too large: '70000' bytes, limit: '65536' bytes.";
    loki.script = request -> request.lines().contains("s-5") ? Answer.of(400, words) : TAKEN;
    assertThat(culprits(sending.send(shopAndBank(8))))
        .isEqualTo(Map.of("HTTP 400: " + words, List.of("s-5")));
    assertThat(loki.lines().stream().filter(line -> line.startsWith("b"))).hasSize(8);
    assertThat(new HashSet<>(loki.lines())).containsAll(names("s", 0, 8));
  }

  @Test
  void wordsThatSayNothingLeadToASearch() throws Exception {
    open("{}");
    Set<String> bad = Set.of("s-17", "s-80");
    var taken = new HashSet<String>();
    loki.script =
        request -> {
          if (request.lines().stream().anyMatch(bad::contains)) {
            return Answer.of(400, "no");
          }
          taken.addAll(request.lines());
          return TAKEN;
        };
    assertThat(culprits(sending.send(shop(100))))
        .isEqualTo(Map.of("HTTP 400: no", List.of("s-17", "s-80")));
    assertThat(taken).hasSize(98);
    assertThat(loki.requests.size()).isLessThan(40);
  }

  @Test
  void aServerThatTakesNothingIsNotSearchedForEver() throws Exception {
    open("{}");
    loki.script = _ -> Answer.of(400, "no");
    assertThat(sending.send(shop(1000)))
        .isEqualTo(new Outcome.Rejected(Fault.INVALID, "HTTP 400: no"));
    assertThat(loki.requests).hasSizeLessThan(30);
  }

  private static Set<String> oneInAHundred(int count) {
    var bad = new HashSet<String>();
    var random = new SplittableRandom(SEED);
    while (bad.size() < count / 100) {
      bad.add("s-" + random.nextInt(count));
    }
    return bad;
  }

  @Test
  void oneInAHundredIsFoundThoughLokiNamesNone() throws Exception {
    open("max_batch_size_bytes: 100000000");
    var bad = oneInAHundred(10_000);
    var taken = new HashSet<String>();
    loki.script =
        request -> {
          if (request.lines().stream().anyMatch(bad::contains)) {
            return Answer.of(400, "no");
          }
          taken.addAll(request.lines());
          return TAKEN;
        };
    var found = culprits(sending.send(shop(10_000)));
    assertThat(found).containsOnlyKeys("HTTP 400: no");
    assertThat(Set.copyOf(found.getOrDefault("HTTP 400: no", List.of())))
        .as("with seed " + SEED)
        .isEqualTo(bad);
    assertThat(taken).hasSize(9_900);
  }

  /// Loki takes all that is not in its list.
  @Test
  void oneInAHundredIsFoundAmongThoseOfWhichLokiSaysHowMany() throws Exception {
    open("max_batch_size_bytes: 100000000");
    var bad = oneInAHundred(10_000);
    var words =
        "stream '" + SHOP + "' has too many structured metadata labels: '200', limit: '128'";
    var taken = new HashSet<String>();
    loki.script =
        request -> {
          var lines = new HashSet<>(request.lines());
          lines.removeAll(bad);
          taken.addAll(lines);
          int said = request.lines().size() - lines.size();
          return said == 0 ? TAKEN : Answer.of(400, said + " errors like: " + words);
        };
    var outcome = sending.send(shop(10_000));
    assertThat(((Outcome.Partial) outcome).rejectedItems()).isEqualTo(100);
    assertThat(
            culprits(outcome).values().stream().flatMap(List::stream).collect(Collectors.toSet()))
        .as("with seed " + SEED)
        .isEqualTo(bad);
    assertThat(taken).hasSize(9_900);
  }

  @Test
  void whenAllCulpritsAreFoundTheOthersAreNotSearched() throws Exception {
    open("{}");
    var words =
        "stream '" + SHOP + "' has too many structured metadata labels: '200', limit: '128'";
    loki.script =
        request ->
            request.lines().contains("s-0") ? Answer.of(400, "1 errors like: " + words) : TAKEN;
    assertThat(culprits(sending.send(shop(1024))).values()).containsExactly(List.of("s-0"));
    assertThat(loki.requests).as("1024, 512, ..., 1").hasSize(11);
  }

  /// So many that not all are found: the others were taken all the same.
  @Test
  void whoIsNotFoundIsCountedAndTheRestIsNotRejected() throws Exception {
    open("max_batch_size_bytes: 100000000");
    var words =
        "stream '" + SHOP + "' has too many structured metadata labels: '200', limit: '128'";
    loki.script =
        request -> {
          long said =
              request.lines().stream()
                  .filter(line -> Integer.parseInt(line.substring(2)) % 5 == 0)
                  .count();
          return said == 0 ? TAKEN : Answer.of(400, said + " errors like: " + words);
        };
    var outcome = (Outcome.Partial) sending.send(shop(10_000));
    assertThat(outcome.rejectedItems()).isEqualTo(2000);
    var named = culprits(outcome).values().stream().flatMap(List::stream).toList();
    assertThat(named)
        .hasSizeBetween(100, 1999)
        .allMatch(line -> Integer.parseInt(line.substring(2)) % 5 == 0);
  }

  @Test
  void whatIsTooLargeIsHalved() throws Exception {
    open("{}");
    loki.script =
        request ->
            request.lines().size() > 10
                ? Answer.of(500, "rpc error: received message larger than max (5 vs. 4)")
                : TAKEN;
    assertThat(sending.send(shop(64))).isEqualTo(new Outcome.Accepted());
    assertThat(new HashSet<>(loki.lines())).hasSize(64);
  }
}
