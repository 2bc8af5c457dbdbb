package io.sluice.config;

import java.util.Comparator;

/// Where something was written. Lines and columns count from 1; a line of 0 stands for the source as a
/// whole (`--set`, an empty file).
///
/// @param order of the source among all sources, for sorting
public record Place(int order, String source, int line, int column) implements Comparable<Place> {
  private static final Comparator<Place> READING_ORDER =
      Comparator.comparingInt(Place::order)
          .thenComparing(Place::source)
          .thenComparingInt(Place::line)
          .thenComparingInt(Place::column);

  static Place of(int order, String source) {
    return new Place(order, source, 0, 0);
  }

  @Override
  public int compareTo(Place other) {
    return READING_ORDER.compare(this, other);
  }

  /// `gateway.yaml:12:5`, which editors and terminals take as a link.
  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
