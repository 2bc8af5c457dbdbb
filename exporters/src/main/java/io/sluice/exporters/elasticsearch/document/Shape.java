package io.sluice.exporters.elasticsearch.document;

import io.sluice.data.Fields;
import java.util.List;
import java.util.Map;

/// Writes documents of one mode, each as one object.
sealed interface Shape permits OtelShape, FlatShape, BodymapShape {
  void log(Json json, Fields log, AttributeList attributes, Surroundings around, Route route);

  void span(Json json, Fields span, AttributeList attributes, Surroundings around, Route route);

  /// An event of a span, where that is a document of its own.
  void event(
      Json json,
      Fields span,
      Fields event,
      AttributeList attributes,
      Surroundings around,
      Route route);

  /// @param points of one time and with equal attributes, those of the first; of each metric one
  /// @return the dynamic template for each field, where the mode has such
  Map<String, String> metrics(
      Json json, List<Point> points, AttributeList attributes, Surroundings around, Route route);

  /// Whether events of spans are documents of their own.
  boolean splitsEvents();
}
