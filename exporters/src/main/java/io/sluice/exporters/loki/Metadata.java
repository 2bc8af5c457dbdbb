package io.sluice.exporters.loki;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes structured metadata. The names of Loki's own OTLP endpoint are used, so that queries need not know
/// which way a record came.
///
/// No name stands twice in an entry: labels and the fields of the record have theirs, then resource, scope and
/// record in this order; who comes later gets a prefix. Confined to one thread.
final class Metadata {
  private static final String[] PREFIXES = {"resource_", "scope_", "attribute_"};

  /// Keys of one name in one entry; further ones are left out.
  static final int SAME_NAME_MAX = 8;

  private static final int RESOURCE = 0;
  private static final int SCOPE = 1;
  private static final int RECORD = 2;

  private final LokiConfig.StructuredMetadata wanted;
  private final Names names;
  private final Dialect dialect;
  private final Value value = new Value();
  private final WireWriter scratch = new WireWriter(64);
  private final Name observed;
  private final Name severityNumber;
  private final Name severityText;
  private final Name eventName;
  private final Name flags;
  private final Name traceId;
  private final Name spanId;
  private Bytes ofResource = Bytes.EMPTY;
  private Bytes ofScope = Bytes.EMPTY;

  /// Which resource, scope and record is at hand, each number once; 0 for none.
  private final long[] at = new long[3];

  private long counter;

  Metadata(LokiConfig.StructuredMetadata wanted, Names names, Dialect dialect) {
    this.wanted = wanted;
    this.names = names;
    this.dialect = dialect;
    observed = field("observed_timestamp");
    severityNumber = field("severity_number");
    severityText = field("severity_text");
    eventName = field("event_name");
    flags = field("flags");
    traceId = field("trace_id");
    spanId = field("span_id");
  }

  private Name field(String name) {
    return wanted.fields() ? names.reserved(name) : names.of(name);
  }

  void resource(Keyed attributes) {
    at[RESOURCE] = ++counter;
    at[SCOPE] = 0;
    at[RECORD] = 0;
    ofResource = wanted.resource() ? block(RESOURCE, attributes) : Bytes.EMPTY;
  }

  void scope(Keyed attributes) {
    at[SCOPE] = ++counter;
    at[RECORD] = 0;
    ofScope = wanted.scope() ? block(SCOPE, attributes) : Bytes.EMPTY;
  }

  private Bytes block(int level, Keyed attributes) {
    List<Bytes> pairs = new ArrayList<>();
    for (int i = 0; i < attributes.size(); i++) {
      if (attributes.isLabel(i)
          || value.of(attributes.value(i)).isEmpty()
          || !attributes.isFirst(i)) {
        continue;
      }
      var name = free(names.of(attributes.key(i)), level);
      if (name != null) {
        name.around = at[level];
        pairs.add(name.text);
        pairs.add(value.bytes());
      }
    }
    return dialect.blockOf(pairs);
  }

  /// Null if there are more of one name than anybody has.
  private @Nullable Name free(Name wish, int level) {
    var name = wish;
    for (int i = 0; i < SAME_NAME_MAX; i++) {
      if (!taken(name)) {
        return name;
      }
      name = names.of(PREFIXES[level], name);
    }
    return null;
  }

  private boolean taken(Name name) {
    return name.reserved
        || name.record == at[RECORD]
        || (name.around > 0 && (name.around == at[RESOURCE] || name.around == at[SCOPE]));
  }

  void record(LogRecord record, List<Labels.Moved> moved) {
    at[RECORD] = ++counter;
    for (var each : moved) {
      dialect.pair(
          each.name().text,
          each.value().sharedArray(),
          each.value().offset(),
          each.value().length());
    }
    if (wanted.fields()) {
      fields(record);
    }
    dialect.block(ofResource);
    dialect.block(ofScope);
    if (wanted.attributes()) {
      attributes(record.attributes);
    }
  }

  private void attributes(Keyed attributes) {
    for (int i = 0; i < attributes.size(); i++) {
      if (attributes.isLabel(i) || value.of(attributes.value(i)).isEmpty()) {
        continue;
      }
      var wish = names.of(attributes.key(i));
      if (wish.wished == at[RECORD] && !attributes.isFirst(i)) {
        continue;
      }
      wish.wished = at[RECORD];
      var name = free(wish, RECORD);
      if (name != null) {
        name.record = at[RECORD];
        dialect.pair(name.text, value.array, value.from, value.length);
      }
    }
  }

  private void fields(LogRecord record) {
    if (record.observed != 0) {
      text(observed, Long.toUnsignedString(record.observed));
    }
    if (record.severityNumber != 0) {
      text(severityNumber, Integer.toString(record.severityNumber));
    }
    bytes(severityText, record.severityText);
    bytes(eventName, record.eventName);
    if (record.flags != 0) {
      text(flags, Integer.toUnsignedString(record.flags));
    }
    hex(traceId, record.traceId);
    hex(spanId, record.spanId);
  }

  private void bytes(Name name, Bytes text) {
    if (!text.isEmpty()) {
      dialect.pair(name.text, text.sharedArray(), text.offset(), text.length());
    }
  }

  private void text(Name name, String text) {
    scratch.reset();
    Quoted.ascii(scratch, text);
    dialect.pair(name.text, scratch.room(0), 0, scratch.size());
  }

  private void hex(Name name, Bytes id) {
    if (!id.isEmpty()) {
      scratch.reset();
      for (int i = 0; i < id.length(); i++) {
        Quoted.hex(scratch, id.at(i));
      }
      dialect.pair(name.text, scratch.room(0), 0, scratch.size());
    }
  }
}
