package io.sluice.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.data.Split;
import io.sluice.disk.DiskFiles;
import io.sluice.disk.Frames;
import io.sluice.disk.Limits;
import io.sluice.disk.LogMeter;
import io.sluice.disk.Opened;
import io.sluice.disk.SegmentLog;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.telemetry.Log;
import io.sluice.testkit.Payloads;
import io.sluice.testkit.TestLoop;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BisectionTest {
  private static final int SPANS = 90; // names of two digits: none is part of another

  @TempDir Path folder;

  private final TestLoop loop = new TestLoop();
  private final List<Batch> taken = new ArrayList<>();
  private final List<Batch> kept = new ArrayList<>();
  private Set<String> poison = Set.of();
  private Fault fault = Fault.INVALID;
  private int attempts;

  /// From this attempt on the destination is down.
  private int down = Integer.MAX_VALUE;

  private boolean over = true;
  private int largest = Integer.MAX_VALUE;
  private String words = "";
  private SegmentLog log;
  private Bisection bisection;

  private SegmentLog log() {
    return new SegmentLog(
        DiskFiles.in(folder),
        Limits.of(0, Duration.ZERO, false),
        new SegmentLog.Surroundings(
            Frames.NONE,
            InstantSource.system(),
            System::nanoTime,
            new SplittableRandom(1),
            LogMeter.NONE,
            Log.NONE),
        () -> {});
  }

  private Bisection bisection() {
    var letters =
        new DeadLetters(log.destination("a"), loop, (batch, _) -> kept.add(batch), Log.NONE);
    return new Bisection(this::destination, new SizeLimit(loop), () -> over, letters);
  }

  @BeforeEach
  void open() {
    log = log();
    bisection = bisection();
    assertThat(log.open()).isInstanceOf(Opened.Ready.class);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private Future<Outcome> destination(Batch batch) {
    attempts++;
    if (attempts >= down) {
      return Outcome.refused("down").now();
    }
    if (batch.sizeInBytes() > largest) {
      return new Outcome.Rejected(Fault.TOO_LARGE, words.formatted(batch.sizeInBytes(), largest))
          .now();
    }
    var text = batch.otlp().flatten().utf8();
    if (poison.stream().anyMatch(text::contains)) {
      return new Outcome.Rejected(fault, "poison").now();
    }
    taken.add(batch);
    return Outcome.accepted();
  }

  private Bisection.Result send() {
    var answer = bisection.send(Payloads.spans("s-1", SPANS));
    while (!answer.isComplete()) {
      log.work();
      loop.run();
    }
    return answer.result();
  }

  private static int items(List<Batch> batches) {
    return batches.stream().mapToInt(Batch::items).sum();
  }

  @Test
  void onlyTheCulpritsBecomeDeadLetters() {
    poison = Set.of("s-1-17", "s-1-80");
    var result = send();
    assertThat(result.outcome()).isEqualTo(new Outcome.Partial(2, "poison"));
    assertThat(result.buried()).isEqualTo(2);
    assertThat(items(taken)).isEqualTo(SPANS - 2);
    assertThat(kept).hasSize(2).allMatch(batch -> batch.items() == 1);
    assertThat(log.destination("a").unsettled().records()).isEqualTo(2);
    assertThat(attempts).isLessThan(SPANS / 2);
  }

  /// They are known, so nothing is sent again.
  @Test
  void culpritsThatAreNamedBecomeDeadLettersWithTheirOwnWords() {
    var reasons = new ArrayList<String>();
    var letters =
        new DeadLetters(
            log.destination("a"),
            loop,
            (batch, outcome) -> {
              kept.add(batch);
              reasons.add(((Outcome.Rejected) outcome).reason());
            },
            Log.NONE);
    var culprits =
        List.of(
            new Outcome.Culprit(Payloads.spans("one", 1), Fault.INVALID, "too old"),
            new Outcome.Culprit(Payloads.spans("two", 2), Fault.INVALID, "too long"));
    var partial = new Outcome.Partial(4, "some", culprits);
    bisection = new Bisection(_ -> partial.now(), new SizeLimit(loop), () -> over, letters);
    assertThat(send()).isEqualTo(new Bisection.Result(partial, 3));
    assertThat(items(kept)).isEqualTo(3);
    assertThat(reasons).containsExactly("too old", "too long");
    assertThat(log.destination("a").unsettled().items()).isEqualTo(3);
  }

  @Test
  void aDestinationThatTakesNothingIsSearchedOnce() {
    poison = Set.of("s-1");
    var result = send();
    assertThat(result.buried()).isEqualTo(SPANS);
    assertThat(attempts).isLessThanOrEqualTo(1 + Bisection.ATTEMPTS_MAX);
    attempts = 0;
    assertThat(send().outcome()).isInstanceOf(Outcome.Rejected.class);
    assertThat(attempts).isOne();
    poison = Set.of();
    assertThat(send().outcome()).isEqualTo(new Outcome.Accepted());
    poison = Set.of("s-1-17");
    assertThat(send().buried()).as("it takes some again").isOne();
  }

  @Test
  void whatSplittingCannotHelpIsNotSplit() {
    poison = Set.of("s-1-17");
    fault = Fault.UNAUTHENTICATED;
    assertThat(send()).isEqualTo(Bisection.Result.of(new Outcome.Rejected(fault, "poison")));
    assertThat(attempts).isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RESOURCE_EXHAUSTED: grpc: received message larger than max (%d vs. %d)",
        "RESOURCE_EXHAUSTED: grpc: received message after decompression larger than max %2$d",
        "RESOURCE_EXHAUSTED: gRPC message exceeds maximum size %2$d: %1$d",
        "RESOURCE_EXHAUSTED: SERVER: Received message larger than max (%d vs. %d)",
      })
  void whatIsTooLargeIsSentInPiecesOfTheSizeThatWasStated(String words) {
    this.words = words;
    largest = Payloads.spans("s-1", SPANS).sizeInBytes() / 3;
    for (int i = 0; i < 2; i++) {
      assertThat(send()).isEqualTo(Bisection.Result.of(new Outcome.Accepted()));
    }
    assertThat(items(taken)).isEqualTo(2 * SPANS);
    assertThat(kept).isEmpty();
    assertThat(attempts).as("the first time one too many").isEqualTo(1 + taken.size());
    assertThat(taken).hasSizeBetween(6, 8);
  }

  @Test
  void aLimitThatIsNotStatedIsFound() {
    words = "HTTP 413";
    largest = Payloads.spans("s-1", SPANS).sizeInBytes() / 5;
    assertThat(send().outcome()).isEqualTo(new Outcome.Accepted());
    assertThat(items(taken)).isEqualTo(SPANS);
    assertThat(kept).isEmpty();
    attempts = 0;
    taken.clear();
    assertThat(send().outcome()).isEqualTo(new Outcome.Accepted());
    assertThat(attempts).as("remembered").isEqualTo(taken.size()).isLessThan(16);
    loop.advance(SizeLimit.REMEMBERED.plusSeconds(1));
    largest = Integer.MAX_VALUE;
    attempts = 0;
    send();
    assertThat(attempts).as("not for ever").isOne();
  }

  @Test
  void oneItemThatIsTooLargeAloneIsADeadLetterAndItsNeighboursAreNot() {
    words = "HTTP 413: body too large";
    largest = Payloads.spans("s-1", SPANS).sizeInBytes() / 3;
    for (int i = 0; i < 2; i++) {
      var large = Payloads.spans("x".repeat(largest), 1);
      var answer =
          bisection.send(
              Split.join(
                  List.of(Payloads.spans("before", 20), large, Payloads.spans("behind", 20))));
      while (!answer.isComplete()) {
        log.work();
        loop.run();
      }
      assertThat(answer.result()).isEqualTo(new Bisection.Result(new Outcome.Partial(1, words), 1));
    }
    assertThat(items(taken)).isEqualTo(80);
    assertThat(kept).hasSize(2).allMatch(batch -> batch.items() == 1);
  }

  @Test
  void whatIsSettledOfABatchThatIsGivenUpIsNotLostWithTheRest() {
    largest = Payloads.spans("s-1", SPANS).sizeInBytes() / 3;
    words = "%d bytes, at most %d";
    down = 4;
    var result = send();
    int left = SPANS - items(taken);
    assertThat(left).isPositive().isLessThan(SPANS);
    assertThat(result)
        .isEqualTo(
            new Bisection.Result(new Outcome.Partial(left, "retries exhausted: down"), left));
    assertThat(items(kept)).isEqualTo(left);
    assertThat(attempts).as("without further attempts").isEqualTo(down);
  }

  @Test
  void ofABatchThatComesAgainNothingIsADeadLetter() {
    largest = Payloads.spans("s-1", SPANS).sizeInBytes() / 3;
    words = "%d bytes, at most %d";
    down = 4;
    over = false;
    assertThat(send().outcome()).isInstanceOf(Outcome.Refused.class);
    assertThat(kept).isEmpty();
  }

  @Test
  void aBatchOfWhichNothingIsSettledIsRefusedWhole() {
    largest = Payloads.spans("s-1", SPANS).sizeInBytes() / 3;
    words = "%d bytes, at most %d";
    down = 2;
    assertThat(send().outcome()).isInstanceOf(Outcome.Refused.class);
    assertThat(kept).isEmpty();
  }

  @Test
  void aQuotaIsNoSize() {
    words = "RESOURCE_EXHAUSTED: quota of 5000 spans";
    largest = 0;
    send();
    attempts = 0;
    send();
    assertThat(attempts).isOne();
  }
}
