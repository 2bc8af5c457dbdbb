package io.sluice.exporters.elasticsearch.document;

import io.sluice.data.AnyValue;
import io.sluice.data.Fields;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `otel`: names and structure of OTLP, attributes with their dots, what routes them at the root. The
/// resource and scope are written once for all their items. Confined to one thread.
final class OtelShape implements Shape {
  private static final List<String> KINDS =
      List.of("Unspecified", "Internal", "Server", "Client", "Producer", "Consumer");
  private static final List<String> STATUS_CODES = List.of("Unset", "Ok", "Error");
  private static final Bytes LATITUDE = Bytes.utf8("geo.location.lat");
  private static final Bytes LONGITUDE = Bytes.utf8("geo.location.lon");

  private final Values values;
  private final InstantSource clock;
  private final Json aside = new Json();
  private final AttributeList ofLink = new AttributeList();
  private final Fields link = new Fields();
  private final Fields status = new Fields();

  OtelShape(Values values, InstantSource clock) {
    this.values = values;
    this.clock = clock;
  }

  @Override
  public boolean splitsEvents() {
    return true;
  }

  /// A record without a time has that of its observation, or of now.
  static long time(Fields log, InstantSource clock) {
    long time = log.fixed64(1) == 0 ? log.fixed64(11) : log.fixed64(1);
    return time == 0 ? Times.ns(clock.instant()) : time;
  }

  @Override
  public void log(
      Json json, Fields log, AttributeList attributes, Surroundings around, Route route) {
    json.open().key("@timestamp").text(Times.millis(time(log, clock)));
    json.key("observed_timestamp").text(Times.millis(log.fixed64(11)));
    stream(json, route);
    text(json, "severity_text", log.bytes(3));
    number(json, "severity_number", log.varint(2));
    id(json, "trace_id", log.bytes(9));
    id(json, "span_id", log.bytes(10));
    attributes(json, attributes, false);
    number(json, "dropped_attributes_count", log.varint(7));
    eventName(json, log, attributes);
    around(json, around, false);
    body(json, log.message(5));
    json.close();
  }

  private static void eventName(Json json, Fields log, AttributeList attributes) {
    var name = log.bytes(12);
    text(json, "event_name", name);
    var said = attributes.value(Keys.EVENT_NAME);
    if (name.isEmpty()
        && said != null
        && AnyValue.decode(said) instanceof AnyValue.Text(var text)) {
      text(json, "event_name", Bytes.utf8(text));
    }
  }

  /// Lists but of objects are wrapped: a field cannot hold objects and values.
  private void body(Json json, Bytes body) {
    int kind = Values.kind(body);
    if (kind == 0) {
      return;
    }
    json.key("body").open();
    if (kind == 5 && !allMaps(Values.inside(body))) {
      json.key("structured").open().key("value");
      values.write(json, body);
      json.close();
    } else {
      json.key(kind == 5 || kind == 6 ? "structured" : "text");
      values.write(json, body);
    }
    json.close();
  }

  private static boolean allMaps(Bytes list) {
    var items = new WireReader().over(list);
    while (items.next()) {
      if (items.field() == 1 && !Values.isMap(items.bytes())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void span(
      Json json, Fields span, AttributeList attributes, Surroundings around, Route route) {
    json.open().key("@timestamp").text(Times.millis(span.fixed64(7)));
    stream(json, route);
    id(json, "trace_id", span.bytes(1));
    id(json, "span_id", span.bytes(2));
    text(json, "trace_state", span.bytes(3));
    id(json, "parent_span_id", span.bytes(4));
    text(json, "name", span.bytes(5));
    json.key("kind").text(word(KINDS, span.varint(6)));
    json.key("duration").unsigned(Math.max(0, span.fixed64(8) - span.fixed64(7)));
    attributes(json, attributes, false);
    number(json, "dropped_attributes_count", span.varint(10));
    number(json, "dropped_events_count", span.varint(12));
    links(json, span);
    number(json, "dropped_links_count", span.varint(14));
    status.over(span.message(15));
    json.key("status").open();
    text(json, "message", status.bytes(2));
    json.key("code").text(word(STATUS_CODES, status.varint(3)));
    json.close();
    around(json, around, false);
    json.close();
  }

  static String word(List<String> words, long code) {
    return words.get(code > 0 && code < words.size() ? (int) code : 0);
  }

  private void links(Json json, Fields span) {
    json.key("links").openList();
    for (var message : span.all(13)) {
      link.over(message);
      json.open();
      id(json, "trace_id", link.bytes(1));
      id(json, "span_id", link.bytes(2));
      text(json, "trace_state", link.bytes(3));
      attributes(json, ofLink.over(message, 4), false);
      number(json, "dropped_attributes_count", link.varint(5));
      json.close();
    }
    json.closeList();
  }

  @Override
  public void event(
      Json json,
      Fields span,
      Fields event,
      AttributeList attributes,
      Surroundings around,
      Route route) {
    json.open().key("@timestamp").text(Times.millis(event.fixed64(1)));
    stream(json, route);
    id(json, "trace_id", span.bytes(1));
    id(json, "span_id", span.bytes(2));
    number(json, "dropped_attributes_count", event.varint(4));
    text(json, "event_name", event.bytes(2));
    json.key("attributes").open();
    members(json, attributes, false, !event.bytes(2).isEmpty());
    if (!event.bytes(2).isEmpty()) {
      json.key(Keys.EVENT_NAME).text(event.bytes(2));
    }
    json.close();
    around(json, around, false);
    json.close();
  }

  @Override
  public Map<String, String> metrics(
      Json json, List<Point> points, AttributeList attributes, Surroundings around, Route route) {
    var first = points.getFirst();
    var fields = first.fields();
    json.open().key("@timestamp").unsigned(Times.wholeMillis(fields.fixed64(3)));
    if (fields.fixed64(2) != 0) {
      json.key("start_timestamp").unsigned(Times.wholeMillis(fields.fixed64(2)));
    }
    text(json, "unit", first.metric().unit());
    stream(json, route);
    attributes(json, attributes, true);
    around(json, around, true);
    var templates = new HashMap<String, String>();
    var names = new ArrayList<String>();
    long docCount = 0;
    json.key("metrics").open();
    for (var point : points) {
      json.key(point.metric().name());
      PointValue.write(json, point);
      long stoodFor = PointValue.docCount(point);
      docCount = stoodFor == 0 ? docCount : stoodFor;
      var name = point.metric().name().utf8();
      templates.put("metrics." + name, PointValue.template(point));
      names.add(name);
    }
    json.close();
    if (docCount != 0) {
      json.key("_doc_count").unsigned(docCount);
    }
    json.key("_metric_names_hash").text(hash(names));
    json.close();
    return templates;
  }

  /// Tells documents of other metrics with the same dimensions apart, where a time series index takes them
  /// for the same. FNV-1a of 64 bits.
  private static String hash(List<String> names) {
    long hash = 0xcbf29ce484222325L;
    for (var name : names.stream().sorted().toList()) {
      var utf8 = Bytes.utf8(name);
      for (int i = 0; i < utf8.length(); i++) {
        hash = (hash ^ (utf8.at(i) & 0xFF)) * 0x100000001b3L;
      }
      hash = (hash ^ 0xFF) * 0x100000001b3L;
    }
    return Long.toHexString(hash);
  }

  private static void stream(Json json, Route route) {
    if (route.isStream()) {
      json.key("data_stream").open().key("type").text(route.type());
      json.key("dataset").text(route.dataset());
      json.key("namespace").text(route.namespace());
      json.close();
    }
  }

  /// @param dimensions whether they are to be dimensions of time series
  private void attributes(Json json, AttributeList attributes, boolean dimensions) {
    if (attributes.size() > 0) {
      json.key("attributes").open();
      members(json, attributes, dimensions, false);
      json.close();
    }
  }

  private void members(Json json, AttributeList attributes, boolean dimensions, boolean named) {
    for (int i = 0; i < attributes.size(); i++) {
      var key = attributes.key(i);
      if (Keys.reserved(key)
          || (named && key.equals(Keys.EVENT_NAME))
          || geo(json, attributes, i)) {
        continue;
      }
      json.key(key);
      var value = attributes.value(i);
      if (dimensions) {
        values.writeDimension(json, value);
      } else {
        values.write(json, value);
      }
    }
  }

  /// A latitude and a longitude beside each other become a point, where the first of the two stands.
  private static boolean geo(Json json, AttributeList attributes, int index) {
    var key = attributes.key(index);
    boolean latitude = endsWith(key, LATITUDE);
    if (!latitude && !endsWith(key, LONGITUDE)) {
      return false;
    }
    var prefix = key.slice(0, key.length() - 3).utf8();
    var other = attributes.value(Bytes.utf8(prefix + (latitude ? "lon" : "lat")));
    if (other == null
        || attributes.value(key.slice(0, key.length() - 4)) != null
        || !(AnyValue.decode(attributes.value(index)) instanceof AnyValue.Decimal(var own))
        || !(AnyValue.decode(other) instanceof AnyValue.Decimal(var pair))) {
      return false;
    }
    if (latitude) {
      json.key(Bytes.utf8(prefix.substring(0, prefix.length() - 1))).openList().decimal(pair);
      json.decimal(own);
      json.closeList();
    }
    return true;
  }

  private static boolean endsWith(Bytes key, Bytes end) {
    int from = key.length() - end.length();
    return from >= 0
        && key.at(key.length() - 1) == end.at(end.length() - 1)
        && key.slice(from, key.length()).equals(end)
        && (from == 0 || key.at(from - 1) == '.');
  }

  private void around(Json json, Surroundings around, boolean dimensions) {
    if (around.written == null) {
      aside.cut(0);
      aside.key("resource").open();
      text(aside, "schema_url", Bytes.utf8(around.resourceSchema()));
      attributes(aside, around.resource, dimensions);
      number(aside, "dropped_attributes_count", around.resourceDropped());
      aside.close().key("scope").open();
      text(aside, "schema_url", Bytes.utf8(around.scopeSchema()));
      text(aside, "name", around.scopeName());
      text(aside, "version", around.scopeVersion());
      attributes(aside, around.scope, dimensions);
      number(aside, "dropped_attributes_count", around.scopeDropped());
      aside.close();
      around.written = aside.copyFrom(0);
    }
    json.fields(around.written);
  }

  private static void text(Json json, String key, Bytes value) {
    if (!value.isEmpty()) {
      json.key(key).text(value);
    }
  }

  private static void number(Json json, String key, long value) {
    if (value != 0) {
      json.key(key).number(value);
    }
  }

  private static void id(Json json, String key, Bytes id) {
    if (!zero(id)) {
      json.key(key).hex(id);
    }
  }

  static boolean zero(Bytes id) {
    for (int i = 0; i < id.length(); i++) {
      if (id.at(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
