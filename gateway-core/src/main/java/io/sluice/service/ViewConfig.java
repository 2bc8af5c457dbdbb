package io.sluice.service;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Key;
import io.sluice.telemetry.Metric.Kind;
import io.sluice.telemetry.View;
import java.util.List;
import java.util.Optional;

/// One of `service::telemetry::metrics::views`.
public record ViewConfig(
    @Doc("Which metrics; what is written must all be so.") Optional<Selector> selector,
    @Doc("What becomes of them.") Optional<Stream> stream)
    implements Checked {
  public record Selector(
      @Doc("Name of the metric; `*` for any characters, `?` for one.") String instrumentName,
      @Doc("Kind of the metric.") Optional<Kind> instrumentType,
      @Doc("Unit of the metric, such as s, By or {span}.") String unit,
      @Doc("Name of the library that measures, as in otel_scope_name.") String meterName,
      @Doc("Version of that library; ours have none.") String meterVersion,
      @Doc("Schema of that library; ours have none.") String meterSchemaUrl) {
    public static Selector defaults() {
      return new Selector("", Optional.empty(), "", "", "", "");
    }

    private boolean isEmpty() {
      return equals(defaults());
    }

    private boolean isPattern() {
      return instrumentName.isEmpty()
          || instrumentName.contains("*")
          || instrumentName.contains("?");
    }
  }

  public record Stream(
      @Doc("New name; for a selector of one metric only.") String name,
      @Doc("New description.") String description,
      @Doc("Which attributes stay.") MetricsConfig.Labels attributeKeys,
      @Doc("How values are aggregated; one of them.") Aggregation aggregation) {
    public static Stream defaults() {
      return new Stream("", "", MetricsConfig.Labels.defaults(), Aggregation.defaults());
    }
  }

  public record Aggregation(
      @Doc("As without a view.") @Key("default") Optional<Plain> standard,
      @Doc("Not at all.") Optional<Plain> drop,
      @Doc("As a sum.") Optional<Plain> sum,
      @Doc("As the last value; for gauges.") Optional<Plain> lastValue,
      @Doc("As a histogram with these buckets; for histograms.")
          Optional<Buckets> explicitBucketHistogram,
      @Doc("As an exponential histogram.") Optional<Exponential> base2ExponentialBucketHistogram)
      implements Checked {
    public static Aggregation defaults() {
      return new Aggregation(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    @Override
    public void check(Findings findings) {
      long given =
          List.of(
                  standard,
                  drop,
                  sum,
                  lastValue,
                  explicitBucketHistogram,
                  base2ExponentialBucketHistogram)
              .stream()
              .filter(Optional::isPresent)
              .count();
      findings.require(given <= 1, "", given + " aggregations (expected: one)");
      if (base2ExponentialBucketHistogram.isPresent()) {
        findings.warning(
            "base2_exponential_bucket_histogram", "histograms keep their explicit buckets");
      }
    }
  }

  /// Has no keys.
  public record Plain() {
    public static Plain defaults() {
      return new Plain();
    }
  }

  public record Buckets(
      @Doc("Upper bounds, ascending.") List<Double> boundaries,
      @Doc("Tell minimum and maximum too; they never are here.") boolean recordMinMax)
      implements Checked {
    public static Buckets defaults() {
      return new Buckets(List.of(), false);
    }

    @Override
    public void check(Findings findings) {
      findings.require(
          boundaries.stream().sorted().distinct().toList().equals(boundaries),
          "boundaries",
          boundaries + " (expected: ascending)");
    }
  }

  public record Exponential(
      @Doc("Most precise scale.") int maxScale,
      @Doc("Most buckets.") int maxSize,
      @Doc("Tell minimum and maximum too.") boolean recordMinMax) {
    public static Exponential defaults() {
      return new Exponential(0, 0, false);
    }
  }

  public static ViewConfig defaults() {
    return new ViewConfig(Optional.empty(), Optional.empty());
  }

  /// Of a version or schema none of our metrics has; or renamed by a pattern: no view.
  Optional<View> view() {
    var which = selector.orElse(Selector.defaults());
    var what = stream.orElse(Stream.defaults());
    if (!which.meterVersion.isEmpty()
        || !which.meterSchemaUrl.isEmpty()
        || (!what.name.isEmpty() && which.isPattern())) {
      return Optional.empty();
    }
    return Optional.of(
        new View(
            new View.Selector(
                which.instrumentName, which.instrumentType, which.unit, which.meterName),
            what.name,
            what.description,
            what.attributeKeys.names(),
            aggregation(what.aggregation)));
  }

  private static View.Aggregation aggregation(Aggregation given) {
    if (given.drop.isPresent()) {
      return new View.Aggregation.Drop();
    }
    if (given.sum.isPresent()) {
      return new View.Aggregation.Sum();
    }
    return given
        .explicitBucketHistogram
        .<View.Aggregation>map(buckets -> new View.Aggregation.Buckets(buckets.boundaries))
        .orElse(
            given.lastValue.isPresent()
                ? new View.Aggregation.LastValue()
                : new View.Aggregation.Standard());
  }

  @Override
  public void check(Findings findings) {
    findings.require(
        selector.isPresent() && !selector.get().isEmpty(),
        "selector",
        "nothing (expected: what the view is for)");
    if (selector.isPresent()
        && selector.get().isPattern()
        && stream.isPresent()
        && !stream.get().name().isEmpty()) {
      findings.warning(
          "stream::name", "of no effect: several metrics cannot have one name; nor has this view");
    }
  }
}
