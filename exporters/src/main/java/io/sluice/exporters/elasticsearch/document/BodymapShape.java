package io.sluice.exporters.elasticsearch.document;

import io.sluice.data.Fields;
import java.util.List;
import java.util.Map;

/// `bodymap`: the body of a log record, a map, is the document.
final class BodymapShape implements Shape {
  private final Values values;

  BodymapShape(Values values) {
    this.values = values;
  }

  @Override
  public void log(
      Json json, Fields log, AttributeList attributes, Surroundings around, Route route) {
    var body = log.message(5);
    if (!Values.isMap(body)) {
      throw new Unwritable("the body is no map, which mapping mode bodymap needs");
    }
    values.write(json, body);
  }

  @Override
  public void span(
      Json json, Fields span, AttributeList attributes, Surroundings around, Route route) {
    throw new IllegalArgumentException("bodymap is for logs");
  }

  @Override
  public void event(
      Json json,
      Fields span,
      Fields event,
      AttributeList attributes,
      Surroundings around,
      Route route) {
    throw new IllegalArgumentException("bodymap is for logs");
  }

  @Override
  public Map<String, String> metrics(
      Json json, List<Point> points, AttributeList attributes, Surroundings around, Route route) {
    throw new IllegalArgumentException("bodymap is for logs");
  }

  @Override
  public boolean splitsEvents() {
    return false;
  }
}
