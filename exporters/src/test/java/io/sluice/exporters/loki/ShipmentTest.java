package io.sluice.exporters.loki;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Kind;
import io.sluice.config.ConfigContract;
import io.sluice.data.Batch;
import io.sluice.exporters.tenant.Tenants;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.Garbage;
import io.sluice.testkit.GivenUp;
import io.sluice.testkit.TestLoop;
import io.vertx.core.Future;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Without a server, on a loop that runs when told.
class ShipmentTest {
  private static final String STREAM = "{service_name=\"shop\"}";

  private final TestLoop loop = new TestLoop();
  private final List<Integer> sent = new ArrayList<>();

  private static final Outcome.Refused AWAY =
      new Outcome.Refused(Pressure.UNAVAILABLE, Duration.ZERO, "no answer: refused");

  private final LokiConfig config =
      ConfigContract.bind(
          new LokiFactory(),
          "{endpoint: http://a, max_batch_size_bytes: 100000000,"
              + " tenant: {from_attribute: service.name}}");
  private final Translation translation = translation();

  private Translation translation() {
    return new Translation(
        config,
        Dialect.of(config),
        new Guards(config, 1, Contexts.of(Kind.EXPORTER, "loki", loop)));
  }

  /// @param answer to entries of the window, by number
  private Future<Outcome> ship(Batch batch, Function<int[], Verdict> answer) {
    return ship(batch, translation, answer);
  }

  private Future<Outcome> ship(
      Batch batch, Translation translation, Function<int[], Verdict> answer) {
    return new Shipment(
            batch,
            Tenants.of(config.tenant()).of(batch),
            translation,
            new Progress(0),
            (entries, _) -> {
              sent.add(entries.length);
              return Future.succeededFuture(answer.apply(entries));
            },
            new Shipment.Settings(config.maxBatchSizeBytes(), true),
            loop)
        .begin();
  }

  private static Batch batch(int tenants, int count) {
    return Sending.resources(
        IntStream.range(0, tenants)
            .mapToObj(i -> Sending.resource(i == 0 ? "shop" : "shop" + i, "s", count))
            .toArray(String[]::new));
  }

  @Test
  void othersGetTheirTurnWhileALargeBatchIsTranslated() {
    var done = ship(batch(1, 9_500), _ -> new Verdict.Taken());
    int turns = 0;
    for (int known = 0; translation.window().size() < 9_500; turns++) {
      assertThat(translation.window().size() - known).isEqualTo(Shipment.RECORDS_AT_ONCE);
      known = translation.window().size();
      assertThat(loop.turn()).isTrue();
    }
    assertThat(turns).isEqualTo(9);
    loop.run();
    assertThat(done.result()).isEqualTo(new Outcome.Accepted());
    assertThat(sent).containsExactly(9_500);
  }

  /// Each answer is judged in a turn of its own, so that a search holds nobody up either.
  @Test
  void othersGetTheirTurnBetweenTwoRequests() {
    ship(batch(1, 64), _ -> new Verdict.TooLarge("too large"));
    for (int requests = 1; requests <= 3; requests++) {
      assertThat(sent).hasSize(requests);
      assertThat(loop.turn()).isTrue();
    }
  }

  /// A server that names one of many at a time would be asked for ever.
  @Test
  void whatIsNamedOneByOneHasAnEnd() {
    int count = Shipment.ATTEMPTS_MAX + 500;
    var done = ship(batch(1, count), entries -> new Verdict.Blamed(400, ignored(entries[0]), true));
    loop.run();
    assertThat(sent).hasSize(Shipment.ATTEMPTS_MAX);
    assertThat(((Outcome.Partial) done.result()).rejectedItems()).isEqualTo(count);
  }

  private String ignored(int entry) {
    long second = translation.window().timeNs(entry) / 1_000_000_000;
    var time = Instant.ofEpochSecond(second).toString().replace("T", " ").replace("Z", "");
    return "entry with timestamp "
        + time
        + " +0000 UTC ignored, reason: 'entry out of order',\nuser 'us', total ignored: 1 out of 9"
        + " for stream: "
        + STREAM;
  }

  @Test
  void aServerThatIsAwayIsNotTriedForEachTenant() {
    var done = ship(batch(5, 2), _ -> new Verdict.Silence(AWAY));
    loop.run();
    assertThat(done.result()).isEqualTo(AWAY);
    assertThat(sent).hasSize(Shipment.SILENCES_MAX);
  }

  /// Whoever answers anything at all is there.
  @Test
  void anAnswerBetweenSilencesKeepsTheOthersTried() {
    var done =
        ship(
            batch(5, 2),
            _ -> sent.size() % 2 == 0 ? new Verdict.Again(AWAY) : new Verdict.Silence(AWAY));
    loop.run();
    assertThat(done.result()).isEqualTo(AWAY);
    assertThat(sent).hasSize(5);
  }

  /// Nothing that was made for the attempt is kept as long as the batch waits.
  @Test
  void whatComesAgainHoldsNoTranslation() {
    var gone = new WeakReference<>(translation());
    var batch = batch(2, 2);
    var done =
        ship(
            batch,
            Objects.requireNonNull(gone.get()),
            _ -> sent.size() == 1 ? new Verdict.Taken() : new Verdict.Again(AWAY));
    loop.run();
    var refused = done.result();
    assertThat(Garbage.collects(gone)).isTrue();
    var lost = (Outcome.Partial) GivenUp.of(refused);
    assertThat(lost.rejectedItems()).isEqualTo(2);
  }

  /// The pipe would search what is too large, or invalid, once more.
  @Test
  void whatIsFoundTooLargeIsNamedThoughItIsAll() {
    var batch = batch(1, 2);
    var done = ship(batch, _ -> new Verdict.TooLarge("HTTP 413: no"));
    loop.run();
    var outcome = (Outcome.Partial) done.result();
    assertThat(outcome.rejectedItems()).isEqualTo(2);
    assertThat(outcome.culprits())
        .singleElement()
        .satisfies(culprit -> {
          assertThat(culprit.fault()).isEqualTo(Fault.TOO_LARGE);
          assertThat(culprit.batch().items()).isEqualTo(2);
        });
  }
}
