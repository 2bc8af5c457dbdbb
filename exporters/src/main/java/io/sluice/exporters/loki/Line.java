package io.sluice.exporters.loki;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;

/// The line of an entry. What the whole record is made of has the names that the Collector's former exporter
/// gave it, so that queries for its lines go on to work. Confined to one thread.
final class Line {
  private static final Bytes SCOPE_NAME = Bytes.utf8(Labels.SCOPE_NAME);
  private static final Bytes SCOPE_VERSION = Bytes.utf8(Labels.SCOPE_VERSION);

  private final Format format;
  private final Value value = new Value();
  private final WireWriter out = new WireWriter(256);

  /// Of the resource and the scope at hand, ready to be put behind the fields of a record.
  private Bytes resource = Bytes.EMPTY;

  private Bytes scope = Bytes.EMPTY;

  Line(Format format) {
    this.format = format;
  }

  void resource(Keyed attributes) {
    out.reset();
    switch (format) {
      case RAW -> {}
      case LOGFMT -> pairs("resource_", attributes);
      case JSON -> object(",\"resources\":{", attributes);
    }
    resource = out.toBytes();
  }

  /// @param attributes its name and version included
  void scope(Keyed attributes) {
    out.reset();
    switch (format) {
      case RAW -> {}
      case LOGFMT -> logfmtScope(attributes);
      case JSON -> jsonScope(attributes);
    }
    scope = out.toBytes();
  }

  /// @return bytes of the line
  int write(LogRecord record, Dialect dialect) {
    if (format == Format.RAW) {
      value.of(record.body);
      dialect.line(value.array, value.from, value.length);
      return value.length;
    }
    out.reset();
    if (format == Format.JSON) {
      json(record);
    } else {
      logfmt(record);
    }
    dialect.line(out.room(0), 0, out.size());
    return out.size();
  }

  private void json(LogRecord record) {
    Quoted.ascii(out, "{\"body\":");
    value.json(record.body, out);
    if (!record.traceId.isEmpty()) {
      id(",\"traceid\":\"", record.traceId);
    }
    if (!record.spanId.isEmpty()) {
      id(",\"spanid\":\"", record.spanId);
    }
    text(",\"severity\":", record.severityText);
    number(",\"severity_number\":", record.severityNumber);
    text(",\"event_name\":", record.eventName);
    number(",\"flags\":", Integer.toUnsignedLong(record.flags));
    number(",\"observed_timestamp\":", record.observed);
    object(",\"attributes\":{", record.attributes);
    out.raw(resource).raw(scope);
    Quoted.octet(out, '}');
  }

  private void id(String before, Bytes id) {
    Quoted.ascii(out, before);
    hex(id);
    Quoted.octet(out, '"');
  }

  private void hex(Bytes id) {
    for (int i = 0; i < id.length(); i++) {
      Quoted.hex(out, id.at(i));
    }
  }

  private void text(String before, Bytes text) {
    if (!text.isEmpty()) {
      Quoted.ascii(out, before);
      Quoted.json(out, text.sharedArray(), text.offset(), text.length());
    }
  }

  private void number(String before, long number) {
    if (number != 0) {
      Quoted.ascii(out, before);
      Quoted.ascii(out, Long.toUnsignedString(number));
    }
  }

  /// Nothing if there is nothing in it.
  private void object(String before, Keyed attributes) {
    int members = 0;
    for (int i = 0; i < attributes.size(); i++) {
      if (attributes.isFirst(i) && !isScopeField(attributes.key(i))) {
        Quoted.ascii(out, members++ == 0 ? before : ",");
        var key = attributes.key(i);
        Quoted.json(out, key.sharedArray(), key.offset(), key.length());
        Quoted.octet(out, ':');
        value.json(attributes.value(i), out);
      }
    }
    Quoted.ascii(out, members == 0 ? "" : "}");
  }

  /// These two are members of their own.
  private boolean isScopeField(Bytes key) {
    return inScope && (key.equals(SCOPE_NAME) || key.equals(SCOPE_VERSION));
  }

  private boolean inScope;

  private void jsonScope(Keyed attributes) {
    int begun = out.size();
    member("name", SCOPE_NAME, attributes, begun);
    member("version", SCOPE_VERSION, attributes, begun);
    inScope = true;
    object((out.size() == begun ? SCOPE_BEGIN : ",") + "\"attributes\":{", attributes);
    inScope = false;
    Quoted.ascii(out, out.size() == begun ? "" : "}");
  }

  private static final String SCOPE_BEGIN = ",\"instrumentation_scope\":{";

  private void member(String name, Bytes key, Keyed attributes, int begun) {
    int at = attributes.find(key);
    if (at >= 0) {
      Quoted.ascii(out, (out.size() == begun ? SCOPE_BEGIN : ",") + "\"" + name + "\":");
      value.json(attributes.value(at), out);
    }
  }

  private void logfmt(LogRecord record) {
    if (!record.body.isEmpty()) {
      key("msg", Bytes.EMPTY);
      logfmtValue(value.of(record.body));
    }
    if (!record.traceId.isEmpty()) {
      key("traceID", Bytes.EMPTY);
      hex(record.traceId);
    }
    if (!record.spanId.isEmpty()) {
      key("spanID", Bytes.EMPTY);
      hex(record.spanId);
    }
    logfmtText("severity", record.severityText);
    logfmtText("event_name", record.eventName);
    if (record.flags != 0) {
      key("flags", Bytes.EMPTY);
      Quoted.ascii(out, Integer.toUnsignedString(record.flags));
    }
    pairs("attribute_", record.attributes);
    separate();
    out.raw(resource);
    separate();
    out.raw(scope);
    trim();
  }

  /// Without the space before what there was not.
  private void trim() {
    while (out.size() > 0 && out.room(0)[out.size() - 1] == ' ') {
      out.wrote(-1);
    }
  }

  private void separate() {
    if (out.size() > 0 && out.room(0)[out.size() - 1] != ' ') {
      Quoted.octet(out, ' ');
    }
  }

  private void logfmtText(String name, Bytes text) {
    if (!text.isEmpty()) {
      key(name, Bytes.EMPTY);
      logfmtValue(text.sharedArray(), text.offset(), text.length());
    }
  }

  private void pairs(String prefix, Keyed attributes) {
    for (int i = 0; i < attributes.size(); i++) {
      if (attributes.isFirst(i)) {
        key(prefix, attributes.key(i));
        logfmtValue(value.of(attributes.value(i)));
      }
    }
  }

  private void logfmtScope(Keyed attributes) {
    for (int i = 0; i < attributes.size(); i++) {
      if (attributes.isFirst(i)) {
        var key = attributes.key(i);
        if (key.equals(SCOPE_NAME)) {
          key("instrumentation_scope_name", Bytes.EMPTY);
        } else if (key.equals(SCOPE_VERSION)) {
          key("instrumentation_scope_version", Bytes.EMPTY);
        } else {
          key("instrumentation_scope_attribute_", key);
        }
        logfmtValue(value.of(attributes.value(i)));
      }
    }
  }

  /// Characters that would end a key become underscores.
  private void key(String prefix, Bytes rest) {
    separate();
    Quoted.ascii(out, prefix);
    for (int i = 0; i < rest.length(); i++) {
      byte b = rest.at(i);
      boolean ends = (b >= 0 && b <= ' ') || b == '=' || b == '"' || b == 0x7F;
      Quoted.octet(out, ends ? '_' : (char) (b & 0xFF));
    }
    Quoted.octet(out, '=');
  }

  private void logfmtValue(Value of) {
    logfmtValue(of.array, of.from, of.length);
  }

  /// In quotes if need be.
  private void logfmtValue(byte[] array, int from, int length) {
    for (int i = from; i < from + length; i++) {
      byte b = array[i];
      if ((b >= 0 && b <= ' ') || b == '=' || b == '"' || b == 0x7F) {
        Quoted.json(out, array, from, length);
        return;
      }
    }
    out.raw(array, from, length);
  }
}
