package io.sluice.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class RangesTest {
  private static final int UPTO = 60;

  @Test
  void aSetOfNumbersIsWhatASetOfNumbersIs() {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      var ranges = new Ranges();
      var oracle = new HashSet<Long>();
      for (int i = 0; i < 20; i++) {
        long from = random.nextLong(UPTO);
        long to = from + random.nextLong(5) - 1;
        ranges.add(from, to);
        for (long n = from; n <= to; n++) {
          oracle.add(n);
        }
        agree(ranges, oracle, seed);
      }
    }
  }

  private static void agree(Ranges ranges, Set<Long> oracle, long seed) {
    int runs = 0;
    for (long n = 0; n <= UPTO + 5; n++) {
      assertThat(ranges.contains(n)).as("%d, seed %d", n, seed).isEqualTo(oracle.contains(n));
      runs += oracle.contains(n) && !oracle.contains(n - 1) ? 1 : 0;
      boolean all = oracle.contains(n) && oracle.contains(n + 1);
      boolean none = !oracle.contains(n) && !oracle.contains(n + 1);
      assertThat(ranges.containsAll(n, n + 1)).as("%d, seed %d", n, seed).isEqualTo(all);
      assertThat(ranges.containsNone(n, n + 1)).as("%d, seed %d", n, seed).isEqualTo(none);
      long from = n / 3;
      long missing = LongStream.rangeClosed(from, n).filter(i -> !oracle.contains(i)).count();
      assertThat(ranges.missing(from, n)).as("%d to %d, seed %d", from, n, seed).isEqualTo(missing);
    }
    assertThat(ranges.missing(5, 4)).isZero();
    assertThat(ranges.missing(9, 2)).isZero();
    assertThat(ranges.size()).as("seed %d", seed).isEqualTo(runs);
  }
}
