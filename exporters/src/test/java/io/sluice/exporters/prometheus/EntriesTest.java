package io.sluice.exporters.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class EntriesTest {
  private final Entries entries = new Entries(true);
  private final List<Integer> lost = new ArrayList<>();

  private void add(long timeMs, long value, int item) {
    entries.add(0, timeMs, 0, value, 0, 0, item);
  }

  private List<String> ordered() {
    entries.order((_, _) -> true, (item, _) -> lost.add(item));
    var all = new ArrayList<String>();
    for (int at = entries.first(0); at != Entries.NONE; at = entries.next(at)) {
      all.add(entries.timeMs(at) + ":" + entries.value(at) + ":" + entries.item(at));
    }
    return all;
  }

  @Test
  void theOldestComesFirst() {
    entries.open(0);
    add(3, 30, 0);
    add(1, 10, 1);
    add(2, 20, 2);
    assertThat(ordered()).containsExactly("1:10:1", "2:20:2", "3:30:0");
    assertThat(lost).isEmpty();
  }

  @Test
  void theLaterOfTwoAtOneTimeStays() {
    entries.open(0);
    add(1, 10, 0);
    add(1, 11, 1);
    add(1, 11, 2);
    assertThat(ordered()).containsExactly("1:11:2");
    assertThat(lost).containsExactly(0);
  }

  /// Beside the value, which histograms do not have.
  @Test
  void ofTwoThatSayTheSameNoneIsLost() {
    entries.open(0);
    add(1, 0, 0);
    add(1, 0, 1);
    entries.order((one, other) -> one == other, (item, _) -> lost.add(item));
    assertThat(lost).containsExactly(0);
    add(1, 0, 2);
    entries.order((_, _) -> true, (item, _) -> lost.add(item));
    assertThat(lost).containsExactly(0);
  }

  @Test
  void exemplarsOfOneTimeAllStay() {
    var exemplars = new Entries(false);
    exemplars.open(0);
    exemplars.add(0, 2, 0, 1, 0, 0, 0);
    exemplars.add(0, 1, 0, 2, 0, 0, 1);
    exemplars.add(0, 1, 0, 3, 0, 0, 2);
    exemplars.order((_, _) -> false, (item, _) -> lost.add(item));
    int first = exemplars.first(0);
    assertThat(exemplars.value(first)).isEqualTo(2);
    assertThat(exemplars.value(exemplars.next(first))).isEqualTo(3);
    assertThat(lost).isEmpty();
  }

  /// Against a sorted map, several series at a time.
  @RepeatedTest(20)
  void ordersAsAMapDoes(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    var random = new Random(seed);
    int series = 1 + random.nextInt(5);
    var expected = new ArrayList<TreeMap<Long, Long>>();
    for (int i = 0; i < series; i++) {
      entries.open(i);
      expected.add(new TreeMap<>());
    }
    for (int i = 0; i < 1000; i++) {
      int of = random.nextInt(series);
      long timeMs = random.nextInt(100);
      entries.add(of, timeMs, 0, i, 0, 0, i);
      expected.get(of).put(timeMs, (long) i);
    }
    entries.order((_, _) -> true, (item, _) -> lost.add(item));
    int kept = 0;
    for (int i = 0; i < series; i++) {
      var found = new TreeMap<Long, Long>();
      long before = Long.MIN_VALUE;
      for (int at = entries.first(i); at != Entries.NONE; at = entries.next(at)) {
        assertThat(entries.timeMs(at)).as("seed " + seed).isGreaterThan(before);
        before = entries.timeMs(at);
        found.put(before, entries.value(at));
      }
      assertThat(found).as("seed " + seed).isEqualTo(expected.get(i));
      kept += found.size();
    }
    assertThat(lost).as("seed " + seed).hasSize(1000 - kept).doesNotHaveDuplicates();
  }
}
