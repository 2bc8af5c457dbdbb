package io.sluice.exporters.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.data.Signal;
import io.sluice.exporters.prometheus.Rules.Promotion;
import io.sluice.exporters.prometheus.Troubles.Reason;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.sluice.wire.WireWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Batches that would cost far more than their size.
class HostileTest {
  private static final Rules RULES =
      new Rules(
          "",
          Strategy.UNDERSCORES,
          Map.of(),
          true,
          true,
          new Promotion(Selection.NONE, List.of()),
          false,
          false);

  private static void attribute(WireWriter out, int field, String key, String value) {
    int attribute = out.open(field);
    out.bytes(1, Bytes.utf8(key));
    int any = out.open(2);
    out.bytes(1, Bytes.utf8(value));
    out.close(any);
    out.close(attribute);
  }

  private static Batch batch(Consumer<WireWriter> scope, int points, int attributes) {
    var out = new WireWriter();
    int resource = out.open(1);
    int scoped = out.open(2);
    int inner = out.open(1);
    scope.accept(out);
    out.close(inner);
    int metric = out.open(2);
    out.bytes(1, Bytes.utf8("g"));
    int gauge = out.open(5);
    for (int i = 0; i < points; i++) {
      int point = out.open(1);
      out.fixed64(3, 1_700_000_000_000_000_000L);
      for (int k = 0; k < attributes; k++) {
        attribute(out, 7, "k" + k, "v" + i);
      }
      out.close(point);
    }
    out.close(gauge);
    out.close(metric);
    out.close(scoped);
    out.close(resource);
    return Batch.of(Signal.METRICS, Rope.of(out.take()), points);
  }

  private static Translation translated(Batch batch) {
    var translation = new Translation(RULES, 42);
    translation.begin(batch);
    while (!translation.step(100)) {
      assertThat(translation.tooLarge()).isFalse();
    }
    return translation;
  }

  @Test
  void aPointWithTooManyLabelsIsLeftOut() {
    var translation = translated(batch(_ -> {}, 2, PointLabels.LABELS_MAX + 1));
    assertThat(translation.troubles().points()).isEqualTo(Map.of(Reason.TOO_MANY_LABELS, 2L));
    assertThat(translation.table().size()).isZero();
    assertThat(translated(batch(_ -> {}, 2, PointLabels.LABELS_MAX)).table().size()).isEqualTo(2);
  }

  @Test
  void aScopeWithTooManyAttributesHasNoSeries() {
    var translation =
        translated(
            batch(
                out -> {
                  for (int i = 0; i <= PointLabels.LABELS_MAX; i++) {
                    attribute(out, 3, "s" + i, "v");
                  }
                },
                3,
                0));
    assertThat(translation.troubles().points()).isEqualTo(Map.of(Reason.TOO_MANY_LABELS, 3L));
  }

  /// A scope's labels stand in each series: a batch of megabytes would make gigabytes.
  @Test
  void aBatchThatMakesTooManyLabelsStops() {
    var translation = new Translation(RULES, 42);
    int points = SeriesTable.PAIRS_MAX / 400 + 1000;
    translation.begin(
        batch(
            out -> {
              for (int i = 0; i < 200; i++) {
                attribute(out, 3, "s" + i, "v");
              }
            },
            points,
            1));
    assertThat(translation.step(Integer.MAX_VALUE)).isTrue();
    assertThat(translation.tooLarge()).isTrue();
    translation.begin(batch(_ -> {}, 1, 1));
    assertThat(translation.step(100)).isTrue();
    assertThat(translation.tooLarge()).isFalse();
    assertThat(translation.table().size()).isEqualTo(1);
  }

  /// Each bucket is a series with all labels of the scope: the bound holds inside of a point too.
  @Test
  void aPointThatMakesTooManyLabelsStops() {
    var out = new WireWriter();
    int resource = out.open(1);
    int scoped = out.open(2);
    int scope = out.open(1);
    for (int i = 0; i < 200; i++) {
      attribute(out, 3, "s" + i, "v");
    }
    out.close(scope);
    int metric = out.open(2);
    out.bytes(1, Bytes.utf8("h"));
    int histogram = out.open(9);
    out.varint(2, 2);
    int point = out.open(1);
    out.fixed64(3, 1_700_000_000_000_000_000L);
    int buckets = SeriesTable.PAIRS_MAX / 100;
    int counts = out.open(6);
    for (int i = 0; i < buckets; i++) {
      out.rawFixed64(1);
    }
    out.close(counts);
    int bounds = out.open(7);
    for (int i = 0; i < buckets; i++) {
      out.rawFixed64(Double.doubleToRawLongBits(i));
    }
    out.close(bounds);
    out.close(point);
    out.close(histogram);
    out.close(metric);
    out.close(scoped);
    out.close(resource);
    var translation = new Translation(RULES, 42);
    translation.begin(Batch.of(Signal.METRICS, Rope.of(out.take()), 1));
    assertThat(translation.step(100)).isTrue();
    assertThat(translation.tooLarge()).isTrue();
    assertThat(translation.table().size()).isLessThan(SeriesTable.PAIRS_MAX / 400 + 2);
  }

  /// One metric may have all points of a batch.
  @Test
  void aMetricOfManyPointsIsTranslatedInSteps() {
    var translation = new Translation(RULES, 42);
    translation.begin(batch(_ -> {}, 1000, 1));
    int steps = 1;
    while (!translation.step(100)) {
      assertThat(translation.table().size()).isBetween(steps * 90, steps * 100);
      steps++;
    }
    assertThat(steps).isBetween(10, 12);
  }

  @Test
  void anAttributeThatFindsNoRoomIsNotForgottenWhenOthersAreJoined() {
    var out = new WireWriter();
    for (int i = 0; i < PointLabels.LABELS_MAX; i++) {
      attribute(out, 7, i % 2 == 0 ? "k." + i / 2 : "k_" + i / 2, "v");
    }
    attribute(out, 7, "last", "v");
    var message = out.take();
    var symbols = new Symbols(1);
    var labels = new PointLabels(symbols, new LabelNames(Strategy.UNDERSCORES));
    labels.begin();
    labels.attributes(message, 7);
    labels.join();
    assertThat(labels.tooMany()).isTrue();
    labels.begin();
    assertThat(labels.tooMany()).isFalse();
  }

  /// Each join makes a text as long as all before: it must not be made once for each.
  @Test
  void manyKeysOfOneLabelAreJoinedOnce() {
    var out = new WireWriter();
    int resource = out.open(1);
    int scoped = out.open(2);
    int metric = out.open(2);
    out.bytes(1, Bytes.utf8("g"));
    int gauge = out.open(5);
    int point = out.open(1);
    out.fixed64(3, 1_700_000_000_000_000_000L);
    for (int i = 0; i < 200; i++) {
      attribute(out, 7, "k" + ".".repeat(i + 1) + "a", "v" + i);
    }
    out.close(point);
    out.close(gauge);
    out.close(metric);
    out.close(scoped);
    out.close(resource);
    var translation = translated(Batch.of(Signal.METRICS, Rope.of(out.take()), 1));
    var table = translation.table();
    assertThat(table.labels(0)).isEqualTo(4);
    assertThat(table.symbols().text(table.label(0, 3)).split(";", -1)).hasSize(200);
    assertThat(table.symbols().size()).isLessThan(500);
  }
}
