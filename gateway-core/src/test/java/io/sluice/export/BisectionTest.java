package io.sluice.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
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

final class BisectionTest {
  private static final int SPANS = 90; // names of two digits: none is part of another

  @TempDir Path folder;

  private final TestLoop loop = new TestLoop();
  private final List<Batch> taken = new ArrayList<>();
  private final List<Batch> kept = new ArrayList<>();
  private Set<String> poison = Set.of();
  private Fault fault = Fault.INVALID;
  private int attempts;
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
    var letters = new DeadLetters(log.destination("a"), loop, (batch, _) -> kept.add(batch));
    return new Bisection(this::destination, letters);
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
}
