package io.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.telemetry.Metric.Distribution;
import io.sluice.telemetry.Metric.Kind;
import io.sluice.telemetry.Metric.Value;
import io.sluice.telemetry.Telemetry.Level;
import io.sluice.telemetry.View.Aggregation;
import io.sluice.telemetry.View.Names;
import io.sluice.telemetry.View.Selector;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What views make of metrics, and what levels hide.
final class ViewTest {
  private static final Aggregation STANDARD = new Aggregation.Standard();

  private final Telemetry telemetry =
      new Telemetry(new SimpleMeterRegistry(), Level.DETAILED, new Books());

  private static View view(String instrument, String name, Names names, Aggregation aggregation) {
    return new View(
        new Selector(instrument, Optional.empty(), "", ""), name, "", names, aggregation);
  }

  private void views(View... views) {
    telemetry.change(Level.DETAILED, List.of(views));
  }

  private List<String> names() {
    return telemetry.collect().stream()
        .map(Metric::name)
        .filter(name -> !name.startsWith("sluice_"))
        .toList();
  }

  private Metric metric(String name) {
    return telemetry.collect().stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Distribution distribution(String name) {
    return (Distribution) metric(name).points().getFirst();
  }

  @Test
  void aPatternDropsWhatItSelectsAndNothingElse() {
    telemetry.counter("a_one", "").increment();
    telemetry.counter("a_two", "").increment();
    telemetry.counter("ba_one", "").increment();
    views(view("a_*", "", Names.ALL, new Aggregation.Drop()));
    assertThat(names()).containsExactly("ba_one");
  }

  @Test
  void aQuestionMarkStandsForOneCharacterAndADotForItself() {
    telemetry.counter("a.b", "").increment();
    telemetry.counter("axb", "").increment();
    views(view("a.?", "", Names.ALL, new Aggregation.Drop()));
    assertThat(names()).containsExactly("axb");
  }

  @Test
  void seriesThatDifferOnlyInWhatGoesAreAddedUp() {
    telemetry.counter("c", "", "to", "x", "by", "1").increment(2);
    telemetry.counter("c", "", "to", "x", "by", "2").increment(3);
    telemetry.counter("c", "", "to", "y", "by", "1").increment(5);
    views(view("c", "", new Names(List.of(), List.of("by")), STANDARD));
    assertThat(metric("c").points())
        .extracting(point -> point.attributes() + "=" + ((Value) point).value())
        .containsExactly("{to=x}=5.0", "{to=y}=5.0");
  }

  @Test
  void onlyWhatIsIncludedStays() {
    telemetry.counter("c", "", "to", "x", "by", "1", "at", "z").increment(2);
    views(view("c", "", new Names(List.of("to"), List.of()), STANDARD));
    assertThat(metric("c").points().getFirst().attributes()).containsOnlyKeys("to");
  }

  @Test
  void eachViewThatSelectsAMetricMakesOneOfIt() {
    telemetry.counts("h", "", "l", "v").record(30);
    telemetry.counts("h", "", "l", "v").record(12);
    views(
        view("h", "sum", Names.ALL, new Aggregation.Sum()),
        view("h", "", Names.ALL, STANDARD),
        view("h", "", Names.ALL, new Aggregation.Drop()));
    assertThat(names()).containsExactly("sum", "h");
    assertThat(metric("sum").kind()).isEqualTo(Kind.COUNTER);
    assertThat(((Value) metric("sum").points().getFirst()).value()).isEqualTo(42);
  }

  @Test
  void bucketsOfAViewAreCountedExactlyBesideThoseOfAnother() {
    var histogram = telemetry.counts("h", "");
    views(
        view("h", "coarse", Names.ALL, new Aggregation.Buckets(List.of(7d))),
        view("h", "fine", Names.ALL, new Aggregation.Buckets(List.of(3d, 5d, 9d))),
        view("h", "", Names.ALL, STANDARD));
    for (double value : new double[] {1, 3, 4, 6, 7, 8, 10, 11}) {
      histogram.record(value);
    }
    assertThat(distribution("coarse").counts()).containsExactly(5L, 3L);
    assertThat(distribution("fine").counts()).containsExactly(2L, 1L, 3L, 2L);
    assertThat(distribution("h").bounds()).startsWith(10d, 25d).hasSize(22);
    assertThat(distribution("h").counts()).startsWith(7L, 1L).hasSize(23);
    assertThat(distribution("fine").sum()).isEqualTo(50);
  }

  @Test
  void aChangeOfBucketsReachesThoseWhoHoldTheHistogram() {
    var histogram = telemetry.counts("h", "");
    histogram.record(1);
    views(view("h", "", Names.ALL, new Aggregation.Buckets(List.of(2d))));
    histogram.record(1);
    histogram.record(3);
    assertThat(distribution("h").counts()).containsExactly(1L, 1L);
  }

  @Test
  void levelsHideAsTheCollectorDoes() {
    telemetry.counts("otelcol_processor_batch_batch_send_size", "").record(1);
    telemetry.sizes("otelcol_processor_batch_batch_send_size_bytes", "").record(1);
    telemetry.seconds("http.server.request.duration", "").record(1);
    telemetry.counter("otelcol_exporter_send_failed_spans", "", "error.type", "x").increment();
    telemetry.change(Level.NORMAL, List.of());
    assertThat(names())
        .containsExactly(
            "otelcol_exporter_send_failed_spans", "otelcol_processor_batch_batch_send_size");
    assertThat(metric("otelcol_exporter_send_failed_spans").points().getFirst().attributes())
        .isEmpty();
    telemetry.change(Level.BASIC, List.of());
    assertThat(names()).containsExactly("otelcol_exporter_send_failed_spans");
  }
}
