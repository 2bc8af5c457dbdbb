package io.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArrayPoolTest {
  private final ArrayPool pool = ArrayPool.of(64 << 20);

  @ParameterizedTest
  @ValueSource(
      ints = {16 << 10, (16 << 10) + 1, 20_480, 20_481, 100_000, 1 << 20, 800_001, 16 << 20})
  void anArrayIsLongEnoughAndAtMostAQuarterTooLong(int length) {
    var array = pool.take(length);
    assertThat(array.length).isBetween(length, length + length / 4 + 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {16 << 10, 20_000, 100_000, 16 << 20})
  void whatWasGivenBackIsGivenOutAgain(int length) {
    var array = pool.take(length);
    pool.giveBack(array);
    assertThat(pool.bytes()).isEqualTo(array.length);
    assertThat(pool.take(length)).isSameAs(array);
    assertThat(pool.bytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, (16 << 10) - 1, (16 << 20) + 1})
  void smallAndHugeArraysAreNotKept(int length) {
    var array = pool.take(length);
    assertThat(array).hasSize(length);
    pool.giveBack(array);
    assertThat(pool.bytes()).isZero();
  }

  @Test
  void noMoreLiesReadyThanAllowed() {
    var small = ArrayPool.of(40_000);
    var first = small.take(20_000);
    var second = small.take(20_000);
    small.giveBack(first);
    small.giveBack(second);
    assertThat(small.bytes()).isEqualTo(first.length);
  }

  @Test
  void arraysOfOthersAreLeftToTheCollector() {
    pool.giveBack(new byte[100_000]);
    assertThat(pool.bytes()).isZero();
  }

  @Test
  void whatWasNotNeededSinceTheLastTrimGoes() {
    var first = pool.take(50_000);
    var second = pool.take(50_000);
    pool.giveBack(first);
    pool.giveBack(second);
    pool.trim();
    pool.giveBack(pool.take(50_000));
    pool.trim();
    assertThat(pool.bytes()).isEqualTo(first.length);
    pool.trim();
    assertThat(pool.bytes()).isZero();
  }

  @Test
  void aPoisonedPoolOverwritesWhatIsGivenBack() {
    var poisoned = ArrayPool.poisoned(1 << 20);
    var array = poisoned.take(20_000);
    poisoned.giveBack(array);
    assertThat(array).containsOnly(0xDB);
  }

  @Test
  void noArrayIsGivenOutTwice() {
    long seed = System.nanoTime();
    var random = new SplittableRandom(seed);
    Set<byte[]> out = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 2000; i++) {
      if (random.nextBoolean() || out.isEmpty()) {
        int length = random.nextInt(ArrayPool.LENGTH_MIN, 200_000);
        var array = pool.take(length);
        assertThat(array.length).as("seed %d", seed).isGreaterThanOrEqualTo(length);
        assertThat(out.add(array)).as("given out twice, seed %d", seed).isTrue();
      } else {
        var array = out.iterator().next();
        out.remove(array);
        pool.giveBack(array);
      }
    }
  }
}
