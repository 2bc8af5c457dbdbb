package io.sluice.exporters.prometheus;

import java.util.List;
import java.util.Map;

/// How metrics become series.
///
/// @param namespace put before names of metrics; empty for none
/// @param externalLabels for all series that have no such label, by finished names
/// @param targetInfo whether there is a `target_info` for each resource
/// @param scopeLabels whether the scope becomes labels
/// @param customBuckets whether histograms become native ones with custom buckets
/// @param classicToo whether they become classic ones even then
/// @param pulled whether series are kept and scraped: deltas are let through, to be added up, exponential
///     histograms become classic ones without bounds, as a text has no others, and the scope's schema is told
public record Rules(
    String namespace,
    Strategy strategy,
    Map<String, String> externalLabels,
    boolean targetInfo,
    boolean scopeLabels,
    Promotion promotion,
    boolean customBuckets,
    boolean classicToo,
    boolean pulled) {
  public Rules {
    externalLabels = Map.copyOf(externalLabels);
  }

  /// For series that are sent.
  public Rules(
      String namespace,
      Strategy strategy,
      Map<String, String> externalLabels,
      boolean targetInfo,
      boolean scopeLabels,
      Promotion promotion,
      boolean customBuckets,
      boolean classicToo) {
    this(
        namespace,
        strategy,
        externalLabels,
        targetInfo,
        scopeLabels,
        promotion,
        customBuckets,
        classicToo,
        false);
  }

  /// Which attributes of a resource become labels of its series.
  ///
  /// @param constant these, and they win over attributes of points
  /// @param named these, where a point has no such label
  public record Promotion(Selection constant, List<String> named) {
    public Promotion {
      named = List.copyOf(named);
    }
  }
}
