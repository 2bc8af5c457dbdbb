package io.sluice.exporters.loki;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.wire.Bytes;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What it costs to understand Loki.
class LongListTest {
  /// Looking through all of them for each line of the list would be a hundred million looks.
  @Test
  void aLongListIsReadWithFewLooksAtEachEntry() {
    int count = 10_000;
    var start = Instant.parse("2023-11-14T22:13:20Z");
    var looks = new AtomicInteger();
    var entries =
        new Blame.Entries() {
          @Override
          public int stream(int entry) {
            looks.incrementAndGet();
            return 0;
          }

          @Override
          public long timeNs(int entry) {
            looks.incrementAndGet();
            return (start.getEpochSecond() + entry) * 1_000_000_000;
          }

          @Override
          public int line(int entry) {
            throw new AssertionError("nobody speaks of lines");
          }

          @Override
          public Bytes labels(int stream) {
            return Bytes.utf8(Scene.SHOP);
          }
        };
    var words =
        IntStream.range(0, count)
            .mapToObj(
                i -> "1 errors like: " + Scene.tooOld(Scene.SHOP, start.plusSeconds(i).toString()))
            .collect(Collectors.joining("; "));
    var blame =
        Blame.of(
            new Verdict.Blamed(400, words, true), entries, IntStream.range(0, count).toArray());
    assertThat(blame.culprits()).hasSize(count);
    assertThat(looks).hasValueLessThan(10 * count);
  }
}
