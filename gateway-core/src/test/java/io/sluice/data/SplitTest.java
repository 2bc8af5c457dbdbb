package io.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SplitTest {
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROFILES")
  void keepsEveryItemWithAllAroundItInOrder(Signal signal) throws Exception {
    int cuts = 0;
    for (int seed = 0; seed < 300; seed++) {
      var batch = batch(signal, seed);
      for (int itemsMax : new int[] {1, 2, 3, 7}) {
        var pieces = Split.byItems(batch, itemsMax);
        cuts += pieces.size() - 1;
        assertThat(pieces).allMatch(piece -> piece.items() <= itemsMax || pieces.size() == 1);
        sameItems(seed, batch, pieces);
        if (batch.items() > itemsMax) {
          assertThat(pieces).as("seed " + seed).hasSize((batch.items() + itemsMax - 1) / itemsMax);
        }
      }
    }
    assertThat(cuts).isGreaterThan(200);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROFILES")
  void keepsBytesUnderTheLimitUnlessAnItemIsLargerAlone(Signal signal) throws Exception {
    int cuts = 0;
    for (int seed = 0; seed < 300; seed++) {
      var batch = batch(signal, seed);
      for (int bytesMax : new int[] {1, 500, 3000}) {
        var pieces = Split.byBytes(batch, bytesMax);
        cuts += pieces.size() - 1;
        assertThat(pieces)
            .as("seed " + seed)
            .allMatch(piece -> piece.sizeInBytes() <= bytesMax || piece.items() <= 1);
        sameItems(seed, batch, pieces);
      }
    }
    assertThat(cuts).isGreaterThan(200);
  }

  @Test
  void carriesWholeResourcesAsSlices() {
    var batch =
        Split.join(
            List.of(batch(Signal.TRACES, 3), batch(Signal.TRACES, 4), batch(Signal.TRACES, 5)));
    var array = batch.otlp().parts().getFirst().sharedArray();
    var piece = Split.byItems(batch, batch.items() - 1).getFirst();
    assertThat(piece.otlp().parts().getFirst().sharedArray()).isSameAs(array);
  }

  @Test
  void returnsASmallBatchItself() {
    var batch = batch(Signal.LOGS, 1);
    assertThat(Split.byItems(batch, Math.max(1, batch.items()))).containsExactly(batch);
    assertThat(Split.byBytes(batch, batch.sizeInBytes())).containsExactly(batch);
  }

  @Test
  void joinsByPlacingRopeBehindRope() throws Exception {
    var one = batch(Signal.METRICS, 1);
    var two = batch(Signal.METRICS, 2);
    var joined = Split.join(List.of(one, two));
    assertThat(joined.items()).isEqualTo(one.items() + two.items());
    sameItems(1, joined, List.of(one, two));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROFILES")
  void takesOutWhatIsWantedWithAllAroundIt(Signal signal) throws Exception {
    int taken = 0;
    for (int seed = 0; seed < 300; seed++) {
      var batch = batch(signal, seed);
      var random = new SplittableRandom(seed);
      int chance = 1 + random.nextInt(4);
      var wanted = new BitSet();
      for (int i = 0; i < batch.items(); i++) {
        wanted.set(i, random.nextInt(4) < chance);
      }
      var all = Items.of(signal, batch.otlp());
      var picked = Split.only(batch, wanted);
      assertThat(Items.of(signal, picked.otlp()))
          .as("seed " + seed)
          .isEqualTo(wanted.stream().mapToObj(all::get).toList());
      assertThat(picked.items()).isEqualTo(wanted.cardinality());
      taken += picked.items();
    }
    assertThat(taken).isGreaterThan(100);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROFILES")
  void groupsResourcesWithoutACopy(Signal signal) throws Exception {
    int groups = 0;
    for (int seed = 0; seed < 100; seed++) {
      var batch =
          Split.join(
              List.of(batch(signal, seed), batch(signal, seed + 1), batch(signal, seed + 2)));
      var grouped = Split.byResource(batch, resource -> resource.length() % 3);
      groups += grouped.size();
      sameItemsInAnyOrder(seed, batch, List.copyOf(grouped.values()));
      var arrays = batch.otlp().parts().stream().map(Bytes::sharedArray).toList();
      for (var group : grouped.values()) {
        assertThat(group.otlp().parts()).allMatch(part -> arrays.contains(part.sharedArray()));
        assertThat(Items.of(signal, group.otlp())).as("seed " + seed).hasSize(group.items());
      }
    }
    assertThat(groups).isGreaterThan(150);
  }

  @Test
  void oneGroupIsTheBatchItself() {
    var batch = batch(Signal.LOGS, 1);
    assertThat(Split.byResource(batch, _ -> "all")).containsExactly(Map.entry("all", batch));
  }

  private static void sameItemsInAnyOrder(int seed, Batch whole, List<Batch> pieces)
      throws Exception {
    var items = new ArrayList<String>();
    for (var piece : pieces) {
      items.addAll(Items.of(whole.signal(), piece.otlp()));
    }
    assertThat(items)
        .as("seed " + seed)
        .containsExactlyInAnyOrderElementsOf(Items.of(whole.signal(), whole.otlp()));
  }

  @Test
  void neverJoinsProfiles() {
    var profiles = batch(Signal.PROFILES, 1);
    assertThatThrownBy(() -> Split.join(List.of(profiles, profiles)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Split.byItems(profiles, 1)).containsExactly(profiles);
  }

  private static void sameItems(int seed, Batch batch, List<Batch> pieces) throws Exception {
    var items = new ArrayList<String>();
    for (var piece : pieces) {
      var own = Items.of(piece.signal(), piece.otlp());
      assertThat(own).as("seed " + seed).hasSize(piece.items());
      items.addAll(own);
    }
    assertThat(items).as("seed " + seed).isEqualTo(Items.of(batch.signal(), batch.otlp()));
  }

  static Batch batch(Signal signal, long seed) {
    var wire = Bytes.wrap(new RandomMessages(seed, true).request(signal).toByteArray());
    var checked = Validate.request(signal, wire);
    return Batch.of(signal, checked.otlp(), checked.items());
  }

  @Test
  void refusesALimitBelowOne() {
    var batch = Batch.of(Signal.LOGS, Rope.EMPTY, 0);
    assertThatThrownBy(() -> Split.byItems(batch, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Split.byBytes(batch, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
