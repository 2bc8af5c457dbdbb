package io.sluice.exporters.elasticsearch.document;

import io.sluice.data.Signal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How documents are made.
///
/// @param indices fixed names; a signal without one is routed by its data
/// @param dataset of what says none itself
/// @param prefixes what names that the data gives must begin with; none for any
/// @param standard the mode of what asks for none
/// @param allowed modes that data may ask for
/// @param ownIds signals whose items may name their document
/// @param ownPipelines whether log records may name a pipeline
/// @param contentIds whether documents are named by what is in them
/// @param extras what the server may know
/// @param action `create` or `index`
public record Rules(
    Map<Signal, String> indices,
    String dataset,
    String namespace,
    List<String> prefixes,
    Optional<DateSuffix> suffix,
    Mode standard,
    Set<Mode> allowed,
    Set<Signal> ownIds,
    boolean ownPipelines,
    boolean contentIds,
    Set<Extra> extras,
    String action) {
  public Rules {
    indices = Map.copyOf(indices);
    prefixes = List.copyOf(prefixes);
    allowed = Set.copyOf(allowed);
    ownIds = Set.copyOf(ownIds);
    extras = Set.copyOf(extras);
  }

  /// Whether metrics go to indices of time series, which name documents themselves.
  boolean timeSeries() {
    return extras.contains(Extra.TEMPLATES);
  }
}
