package io.sluice.exporters.prometheus;

import static io.sluice.exporters.prometheus.PointLabels.LABELS_MAX;

import io.sluice.data.Attributes;
import io.sluice.data.ScopeCursor;
import io.sluice.wire.Bytes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the resource and the scope add to the labels of their points. Reused for the next; confined to one
/// thread.
///
/// What wins where names agree: the metric's own name, then the scope, `job` and `instance`, attributes,
/// promoted attributes of the resource, external labels.
final class Surroundings {
  private static final Bytes SERVICE_NAME = Bytes.utf8("service.name");
  private static final Bytes SERVICE_NAMESPACE = Bytes.utf8("service.namespace");
  private static final Bytes SERVICE_INSTANCE = Bytes.utf8("service.instance.id");
  private static final Set<Bytes> SERVICE =
      Set.of(SERVICE_NAME, SERVICE_NAMESPACE, SERVICE_INSTANCE);
  private static final Set<String> SCOPE_WORDS = Set.of("name", "version", "schema_url");
  private static final String SCOPE = "otel_scope_";

  private final Rules rules;
  private final LabelNames names;
  private final Symbols symbols;
  private final Set<Bytes> promoted = new HashSet<>();

  /// Attributes of the resource that become labels of all its series; null for none.
  private final @Nullable Pattern constant;

  private final PointLabels attributes;
  private Bytes resource = Bytes.EMPTY;
  private int jobName;
  private int instanceName;
  private int job;
  private int instance;
  private final List<Pair> offered = new ArrayList<>();
  private final List<Pair> external = new ArrayList<>();
  private final List<Pair> scope = new ArrayList<>();

  /// Two symbols.
  private record Pair(int name, int value) {}

  Surroundings(Rules rules, LabelNames names, Symbols symbols) {
    this.rules = rules;
    this.names = names;
    this.symbols = symbols;
    attributes = new PointLabels(symbols, names);
    rules.promotion().named().forEach(key -> promoted.add(Bytes.utf8(key)));
    var selection = rules.promotion().constant();
    constant = selection.none() ? null : selection.pattern();
  }

  /// Before each batch: symbols are another's then.
  void begin() {
    names.forget();
    external.clear();
    jobName = symbols.of("job");
    instanceName = symbols.of("instance");
    rules
        .externalLabels()
        .forEach((name, value) -> external.add(new Pair(symbols.of(name), symbols.of(value))));
  }

  void resource(Bytes message) {
    resource = message;
    attributes.begin();
    offered.clear();
    int service = Symbols.EMPTY;
    int namespace = Symbols.EMPTY;
    boolean named = false;
    instance = Symbols.EMPTY;
    var each = Attributes.in(message, 1);
    while (each.next()) {
      var key = each.key();
      var value = each.value();
      if (key.equals(SERVICE_NAME)) {
        service = attributes.symbolOf(value);
      } else if (key.equals(SERVICE_NAMESPACE)) {
        namespace = attributes.symbolOf(value);
        named = true;
      } else if (key.equals(SERVICE_INSTANCE)) {
        instance = attributes.symbolOf(value);
      }
      promote(key, value);
    }
    job =
        service == Symbols.EMPTY || !named
            ? service
            : symbols.of(symbols.text(namespace) + "/" + symbols.text(service));
    scope.clear();
  }

  private void promote(Bytes key, Bytes value) {
    if (constant != null && constant.matcher(key.utf8()).matches()) {
      attributes.attribute(key, value);
    } else if (promoted.contains(key)) {
      add(offered, symbols.of(names.of(key)), attributes.symbolOf(value));
    }
  }

  private static void add(List<Pair> pairs, int name, int value) {
    if (name != Symbols.EMPTY && value != Symbols.EMPTY && pairs.size() <= LABELS_MAX) {
      pairs.add(new Pair(name, value));
    }
  }

  void scope(ScopeCursor cursor) {
    scope.clear();
    if (!rules.scopeLabels()) {
      return;
    }
    add(scope, symbols.of(names.of(SCOPE + "name")), symbols.of(cursor.name()));
    add(scope, symbols.of(names.of(SCOPE + "version")), symbols.of(cursor.version()));
    if (rules.pulled()) {
      add(scope, symbols.of(names.of(SCOPE + "schema_url")), symbols.of(cursor.schemaUrl()));
    }
    var each = cursor.attributes();
    while (each.next()) {
      var key = each.key().utf8();
      if (!SCOPE_WORDS.contains(key)) {
        add(scope, symbols.of(names.of(SCOPE + key)), attributes.symbolOf(each.value()));
      }
    }
  }

  /// All labels of a point but the name of its metric.
  ///
  /// @param field of the point that holds its attributes
  /// @return false if there are more than a series may have
  boolean labels(Bytes point, int field, PointLabels into) {
    into.copy(attributes);
    into.attributes(point, field);
    into.join();
    offered.forEach(pair -> into.offer(pair.name, pair.value));
    identity(into);
    external.forEach(pair -> into.offer(pair.name, pair.value));
    scope.forEach(pair -> into.put(pair.name, pair.value));
    if (into.tooMany()) {
      return false;
    }
    into.sort();
    return true;
  }

  private void identity(PointLabels into) {
    if (job != Symbols.EMPTY) {
      into.put(jobName, job);
    }
    if (instance != Symbols.EMPTY) {
      into.put(instanceName, instance);
    }
  }

  /// The labels of `target_info` but its name.
  ///
  /// @return false if there is nothing to say, or nobody to say it of
  boolean target(PointLabels into) {
    into.begin();
    boolean more = false;
    var each = Attributes.in(resource, 1);
    while (each.next()) {
      var key = each.key();
      if (!SERVICE.contains(key)) {
        into.attribute(key, each.value());
        more = true;
      }
    }
    into.join();
    identity(into);
    if (!rules.pulled()) {
      external.forEach(pair -> into.offer(pair.name, pair.value));
    }
    boolean named = into.has(jobName) || into.has(instanceName);
    if (!more || !named || into.tooMany()) {
      return false;
    }
    into.sort();
    return true;
  }
}
