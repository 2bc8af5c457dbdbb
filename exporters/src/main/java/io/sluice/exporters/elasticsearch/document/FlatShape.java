package io.sluice.exporters.elasticsearch.document;

import io.sluice.data.Fields;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// `ecs`, `none` and `raw`: all values of a document beside each other, with dotted names. Confined to one
/// thread.
final class FlatShape implements Shape {
  private static final List<String> KINDS =
      List.of(
          "SPAN_KIND_UNSPECIFIED",
          "SPAN_KIND_INTERNAL",
          "SPAN_KIND_SERVER",
          "SPAN_KIND_CLIENT",
          "SPAN_KIND_PRODUCER",
          "SPAN_KIND_CONSUMER");

  private final Mode mode;
  private final InstantSource clock;
  private final FieldTable table;
  private final Ecs ecs;
  private final Values values;
  private final Fields status = new Fields();
  private final Fields event = new Fields();
  private final AttributeList ofEvent = new AttributeList();
  private final Json links = new Json();

  FlatShape(Mode mode, Values values, InstantSource clock) {
    this.mode = mode;
    this.values = values;
    this.clock = clock;
    table = new FieldTable(values);
    ecs = new Ecs(table);
  }

  @Override
  public boolean splitsEvents() {
    return mode == Mode.ECS;
  }

  /// What attributes and events of items are called before their own name.
  private String prefix(String word) {
    return mode == Mode.RAW ? "" : word;
  }

  @Override
  public void log(
      Json json, Fields log, AttributeList attributes, Surroundings around, Route route) {
    table.clear();
    var time = Times.iso(OtelShape.time(log, clock));
    if (mode == Mode.ECS) {
      ecs.log(log, attributes, around);
    } else {
      table.id("TraceId", log.bytes(9));
      table.id("SpanId", log.bytes(10));
      table.number("TraceFlags", log.fixed32(8) & 0xFFFFFFFFL);
      table.text("SeverityText", log.bytes(3));
      table.number("SeverityNumber", log.varint(2));
      table.text("EventName", log.bytes(12));
      table.value("Body", log.message(5));
      table.attributes(prefix("Attributes"), attributes);
      around(around);
    }
    end(json, time, route);
  }

  @Override
  public void span(
      Json json, Fields span, AttributeList attributes, Surroundings around, Route route) {
    table.clear();
    var time = Times.iso(span.fixed64(7));
    status.over(span.message(15));
    if (mode == Mode.ECS) {
      ecs.span(span, status.varint(3), attributes, around);
    } else {
      plain(span, attributes, around);
    }
    end(json, time, route);
  }

  private void plain(Fields span, AttributeList attributes, Surroundings around) {
    table.text("EndTimestamp", Times.iso(span.fixed64(8)));
    table.id("TraceId", span.bytes(1));
    table.id("SpanId", span.bytes(2));
    table.id("ParentSpanId", span.bytes(4));
    table.text("Name", span.bytes(5));
    table.text("Kind", OtelShape.word(KINDS, span.varint(6)));
    table.number("TraceStatus", status.varint(3));
    table.text("TraceStatusDescription", status.bytes(2));
    table.text("Link", links(span));
    table.number("Duration", (span.fixed64(8) - span.fixed64(7)) / 1000);
    table.attributes(prefix("Attributes"), attributes);
    for (var message : span.all(11)) {
      event.over(message);
      var name = FieldTable.joined(prefix("Events"), event.text(2));
      table.text(name + ".time", Times.iso(event.fixed64(1)));
      table.attributes(name, ofEvent.over(message, 3));
    }
    around(around);
  }

  /// As one text, as the Collector has it.
  private String links(Fields span) {
    links.cut(0);
    links.openList();
    var link = new Fields();
    var attributes = new AttributeList();
    for (var message : span.all(13)) {
      link.over(message);
      attributes.over(message, 4);
      links.open().key("attribute").open();
      for (int i = 0; i < attributes.size(); i++) {
        links.key(attributes.key(i));
        values.write(links, attributes.value(i));
      }
      links.close().key("spanID").hex(link.bytes(2));
      links.key("traceID").hex(link.bytes(1));
      links.close();
    }
    links.closeList();
    return links.view().utf8();
  }

  @Override
  public void event(
      Json json,
      Fields span,
      Fields happened,
      AttributeList attributes,
      Surroundings around,
      Route route) {
    table.clear();
    ecs.event(span, happened.bytes(2), attributes, around);
    end(json, Times.iso(happened.fixed64(1)), route);
  }

  @Override
  public Map<String, String> metrics(
      Json json, List<Point> points, AttributeList attributes, Surroundings around, Route route) {
    table.clear();
    ecs.metrics(attributes, around);
    for (var point : points) {
      table.put(point.metric().name().utf8(), out -> PointValue.write(out, point));
    }
    end(json, Times.iso(points.getFirst().fields().fixed64(3)), route);
    return Map.of();
  }

  private void around(Surroundings around) {
    table.attributes("Resource", around.resource);
    table.text("Scope.name", around.scopeName());
    table.text("Scope.version", around.scopeVersion());
    table.attributes("Scope", around.scope);
  }

  private void end(Json json, String time, Route route) {
    table.text("@timestamp", time);
    if (route.isStream()) {
      var prefix = mode == Mode.NONE ? "Attributes.data_stream" : "data_stream";
      table.text(prefix + ".type", route.type());
      table.text(prefix + ".dataset", route.dataset());
      table.text(prefix + ".namespace", route.namespace());
    }
    table.write(json, mode == Mode.ECS);
  }
}
