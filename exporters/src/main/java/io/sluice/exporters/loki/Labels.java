package io.sluice.exporters.loki;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The labels of the stream that a record belongs to. Of several sources of one label the nearest to the
/// record wins. Confined to one thread.
final class Labels {
  static final String SCOPE_NAME = "scope.name";
  static final String SCOPE_VERSION = "scope.version";

  /// For a stream that would have no label, which Loki refuses.
  private static final Bytes SERVICE_NAME = Bytes.utf8("service_name");

  private static final Bytes UNKNOWN_SERVICE = Bytes.utf8("unknown_service");

  private final int labelsMax;

  /// As they come first when there are too many.
  private final List<Slot> byRank = new ArrayList<>();

  private final List<Slot> byName;
  private final boolean perRecord;
  private final Value value = new Value();
  private final WireWriter text = new WireWriter(256);
  private final List<Moved> moved = new ArrayList<>();

  /// A label and where it may come from.
  private static final class Slot {
    final Name name;

    final Guard guard;
    final List<Bytes> resourceKeys = new ArrayList<>();
    final List<Bytes> scopeKeys = new ArrayList<>();
    final List<Bytes> recordKeys = new ArrayList<>();
    Bytes constant = Bytes.EMPTY;
    boolean severity;

    /// Under which values go on that are further from the record than the one that is the label.
    @Nullable Name besideOfResource;

    @Nullable Name besideOfScope;

    /// Of the resource and the scope at hand.
    Bytes ofResource = Bytes.EMPTY;

    Bytes ofScope = Bytes.EMPTY;

    /// Of the stream at hand; empty if it is no label of it.
    Bytes now = Bytes.EMPTY;

    Slot(Name name, Guard guard) {
      this.name = name;
      this.guard = guard;
    }

    boolean ofRecord() {
      return severity || !recordKeys.isEmpty();
    }
  }

  /// What might be a label of the record at hand and is structured metadata for some reason.
  ///
  /// @param reason null if a source nearer to the record has the label
  record Moved(Name name, Bytes value, Guard guard, Guard.@Nullable Reason reason) {}

  Labels(LokiConfig.Labels config, Names names, Guards guards) {
    labelsMax = config.maxLabels();
    Map<Name, Slot> slots = new LinkedHashMap<>();
    var made =
        new Object() {
          Slot slot(String key) {
            return slots.computeIfAbsent(
                names.reserved(key), name -> new Slot(name, guards.of(name.text.utf8())));
          }
        };
    config.constant().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> made.slot(entry.getKey()).constant = Bytes.utf8(entry.getValue()));
    config.resource().forEach(key -> made.slot(key).resourceKeys.add(Bytes.utf8(key)));
    config.scope().forEach(key -> made.slot(key).scopeKeys.add(Bytes.utf8(key)));
    if (!config.severity().isEmpty()) {
      made.slot(config.severity()).severity = true;
    }
    config.attributes().forEach(key -> made.slot(key).recordKeys.add(Bytes.utf8(key)));
    byRank.addAll(slots.values());
    for (var slot : byRank) {
      if (!slot.resourceKeys.isEmpty() && (slot.ofRecord() || !slot.scopeKeys.isEmpty())) {
        slot.besideOfResource = free("resource_", slot.name, names);
      }
      if (!slot.scopeKeys.isEmpty() && slot.ofRecord()) {
        slot.besideOfScope = free("scope_", slot.name, names);
      }
    }
    byName =
        byRank.stream().sorted(Comparator.comparing((Slot slot) -> slot.name.text.utf8())).toList();
    perRecord = byRank.stream().anyMatch(Slot::ofRecord);
  }

  /// A name that no label has.
  private static Name free(String prefix, Name taken, Names names) {
    var name = taken;
    while (name.reserved) {
      name = names.of(prefix, name);
    }
    name.reserved = true;
    return name;
  }

  /// Whether records of one scope may be of different streams.
  boolean perRecord() {
    return perRecord;
  }

  void resource(Keyed attributes) {
    for (var slot : byRank) {
      slot.ofResource = take(slot.resourceKeys, attributes);
      slot.ofScope = Bytes.EMPTY;
    }
  }

  /// @param attributes its name and version included, under [#SCOPE_NAME] and [#SCOPE_VERSION]
  void scope(Keyed attributes) {
    for (var slot : byRank) {
      slot.ofScope = take(slot.scopeKeys, attributes);
    }
  }

  /// The value of the first of the keys that has one, which then is a label.
  private Bytes take(List<Bytes> keys, Keyed attributes) {
    for (var key : keys) {
      int at = attributes.find(key);
      if (at >= 0 && !value.of(attributes.value(at)).isEmpty()) {
        attributes.label(at, true);
        return value.bytes();
      }
    }
    return Bytes.EMPTY;
  }

  /// The stream of a record.
  int stream(LogRecord record, Window window, Dialect dialect) {
    moved.clear();
    int count = 0;
    for (var slot : byRank) {
      var wanted = wanted(slot, record);
      var reason = wanted.isEmpty() ? null : objection(slot, wanted, count);
      if (reason != null) {
        moved.add(new Moved(slot.name, wanted, slot.guard, reason));
      }
      slot.now = reason == null ? wanted : Bytes.EMPTY;
      count += slot.now.isEmpty() ? 0 : 1;
    }
    text.reset();
    Quoted.octet(text, '{');
    var pairs = pairs();
    for (int i = 0; i < pairs.size(); i += 2) {
      write(pairs.get(i), pairs.get(i + 1), i);
    }
    Quoted.octet(text, '}');
    var canonical = Bytes.wrap(text.room(0), 0, text.size());
    return window.stream(canonical, labels -> dialect.stream(labels, pairs));
  }

  private Bytes wanted(Slot slot, LogRecord record) {
    var nearest = take(slot.recordKeys, record.attributes);
    if (nearest.isEmpty() && slot.severity) {
      nearest = record.severity();
    }
    nearest = nearest(nearest, slot.ofScope, slot.besideOfScope, slot);
    nearest = nearest(nearest, slot.ofResource, slot.besideOfResource, slot);
    return nearest.isEmpty() ? slot.constant : nearest;
  }

  /// @param beside null only if what is further is the only one
  private Bytes nearest(Bytes nearer, Bytes further, @Nullable Name beside, Slot slot) {
    if (nearer.isEmpty()) {
      return further;
    }
    if (beside != null && !further.isEmpty() && !further.equals(nearer)) {
      moved.add(new Moved(beside, further, slot.guard, null));
    }
    return nearer;
  }

  private Guard.@Nullable Reason objection(Slot slot, Bytes wanted, int count) {
    return count < labelsMax ? slot.guard.objection(wanted) : slot.guard.oneTooMany(labelsMax);
  }

  private List<Bytes> pairs() {
    var pairs = new ArrayList<Bytes>(2 * byName.size());
    for (var slot : byName) {
      if (!slot.now.isEmpty()) {
        pairs.add(slot.name.text);
        pairs.add(slot.now);
      }
    }
    return pairs.isEmpty() ? List.of(SERVICE_NAME, UNKNOWN_SERVICE) : pairs;
  }

  private void write(Bytes name, Bytes of, int index) {
    Quoted.ascii(text, index == 0 ? "" : ", ");
    text.raw(name);
    Quoted.octet(text, '=');
    Quoted.go(text, of.sharedArray(), of.offset(), of.length());
  }

  /// Of the record that [#stream] was asked for last.
  List<Moved> moved() {
    return moved;
  }

  void countMoved() {
    for (var each : moved) {
      if (each.reason != null) {
        each.guard.count(each.reason);
      }
    }
  }
}
