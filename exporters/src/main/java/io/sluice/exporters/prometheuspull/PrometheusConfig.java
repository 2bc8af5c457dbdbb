package io.sluice.exporters.prometheuspull;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Squash;
import io.sluice.component.Unless;
import io.sluice.exporters.prometheus.LabelNames;
import io.sluice.exporters.prometheus.Rules;
import io.sluice.exporters.prometheus.Selection;
import io.sluice.exporters.prometheus.Strategy;
import io.sluice.transport.http.HttpServerConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `prometheus`.
public record PrometheusConfig(
    @Squash HttpServerConfig server,
    @Doc("Put before each metric's name, with an underscore; empty for none.") String namespace,
    @Doc("Labels for all series that have none of that name, but not for target_info.")
        Map<String, String> constLabels,
    @Doc("Tell the time of each value; else it counts from the scrape.") boolean sendTimestamps,
    @Doc("Series without a new value for so long are no longer there.") Duration metricExpiration,
    @Doc("Attributes of the resource as labels.") Conversion resourceToTelemetryConversion,
    @Doc("Attributes of the resource as labels, chosen by their keys.")
        Selection resourceConstantLabels,
    @Doc("Answer those who ask for it in OpenMetrics, which has exemplars.")
        boolean enableOpenMetrics,
    @Doc(
            "Leave out the labels otel_scope_name, otel_scope_version, otel_scope_schema_url and those of its attributes.")
        boolean withoutScopeInfo,
    @Doc("Put unit and type behind names; translation_strategy wins.") boolean addMetricSuffixes,
    @Doc("How names are made.") @Unless("UnderscoreEscapingWithSuffixes")
        Optional<Strategy> translationStrategy,
    @Doc(
            "How many series are kept, each of a histogram's buckets, its sum and its count for one; points of further ones are rejected.")
        int maxSeries)
    implements Checked {
  private static final int SERIES = 500_000;

  public PrometheusConfig {
    constLabels = Map.copyOf(constLabels);
  }

  /// `resource_to_telemetry_conversion`.
  public record Conversion(
      @Doc("Make labels of all attributes of the resource.") boolean enabled,
      @Doc("But not of service.name, service.namespace and service.instance.id.")
          boolean excludeServiceAttributes) {}

  public static PrometheusConfig defaults() {
    return new PrometheusConfig(
        HttpServerConfig.defaults(),
        "",
        Map.of(),
        false,
        Duration.ofMinutes(5),
        new Conversion(false, false),
        Selection.defaults(),
        false,
        false,
        true,
        Optional.empty(),
        SERIES);
  }

  Strategy strategy() {
    return translationStrategy.orElse(
        addMetricSuffixes ? Strategy.UNDERSCORES_AND_SUFFIXES : Strategy.UNDERSCORES);
  }

  Rules rules() {
    var names = new LabelNames(strategy(), false);
    var labels = new HashMap<String, String>();
    constLabels.forEach((name, value) -> labels.put(names.of(name), value));
    return new Rules(
        namespace,
        strategy(),
        labels,
        true,
        !withoutScopeInfo,
        new Rules.Promotion(
            resourceConstantLabels.or(
                resourceToTelemetryConversion.enabled,
                resourceToTelemetryConversion.excludeServiceAttributes),
            List.of()),
        false,
        false,
        true);
  }

  @Override
  public void check(Findings findings) {
    resourceConstantLabels.check(resourceToTelemetryConversion.enabled, findings);
    findings.require(
        metricExpiration.isPositive(),
        "metric_expiration",
        metricExpiration + " (expected: more than 0)");
    findings.require(maxSeries > 0, "max_series", maxSeries + " (expected: more than 0)");
    findings.require(
        constLabels.keySet().stream().noneMatch(String::isEmpty),
        "const_labels",
        "an empty name (expected: none)");
  }
}
