package io.sluice.exporters.elasticsearch.document;

import io.sluice.data.Signal;
import io.sluice.wire.Bytes;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds where documents go: to the index that the configuration or an attribute names, else to the data
/// stream that attributes describe. Of two attributes the item's counts before the scope's and the
/// resource's. Confined to one thread.
final class Router {
  /// Kept for the next document; more are made anew.
  private static final int ROUTES_MAX = 1024;

  /// Scopes of the Collector's receivers say by their name what the data is about.
  private static final Pattern RECEIVER = Pattern.compile("/receiver/(\\w*receiver)");

  private final AttributeList nothing = new AttributeList();

  private final Rules rules;
  private final IndexNames names;
  private final Map<Signal, Route> fixed = new EnumMap<>(Signal.class);
  private final Map<List<String>, Route> streams = new LinkedHashMap<>(16, 0.75f, true);
  private long confined;

  Router(Rules rules) {
    this.rules = rules;
    names = new IndexNames(rules.prefixes());
    rules.indices().forEach((signal, name) -> fixed.put(signal, Route.index(name)));
  }

  /// How often the data named an index that it may not have.
  long confined() {
    return confined;
  }

  /// @param type what it is stored as: events of spans are logs
  Route route(Signal type, AttributeList item, Surroundings around) {
    var set = fixed.get(type);
    if (set != null) {
      return set;
    }
    if (item.directs()) {
      return found(type, item, around);
    }
    var known = around.routes.get(type);
    if (known == null) {
      known = found(type, nothing, around);
      around.routes.put(type, known);
    }
    return known;
  }

  private Route found(Signal type, AttributeList item, Surroundings around) {
    var named = text(Keys.INDEX, item, around);
    if (!named.isEmpty()) {
      var name = names.ofData(named);
      if (!name.isEmpty()) {
        return Route.index(name);
      }
      confined++;
    }
    var dataset = dataset(item, around);
    var namespace = namespace(item, around);
    var wanted = type(type, item, around);
    var route = stream(wanted, dataset, namespace, around.mode());
    if (known(wanted).isEmpty() && !names.allowed(route.index())) {
      confined++;
      return stream(type.toString(), dataset, namespace, around.mode());
    }
    return route;
  }

  private Route stream(String type, String dataset, String namespace, Mode mode) {
    var suffix = mode == Mode.OTEL ? ".otel" : "";
    var key = List.of(type, dataset, namespace, suffix);
    var route =
        streams.computeIfAbsent(
            key,
            _ ->
                Route.stream(
                    type, IndexNames.dataset(dataset, suffix), IndexNames.namespace(namespace)));
    if (streams.size() > ROUTES_MAX) {
      var eldest = streams.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
    return route;
  }

  private static String type(Signal signal, AttributeList item, Surroundings around) {
    var own = signal.toString();
    var wanted =
        switch (around.mode()) {
          case BODYMAP -> IndexNames.type(text(Keys.TYPE, item, around));
          case OTEL -> known(text(Keys.TYPE, item, around));
          case ECS, NONE, RAW -> "";
        };
    return wanted.isEmpty() ? own : wanted;
  }

  private static String known(String type) {
    return type.equals("logs") || type.equals("metrics") || type.equals("traces") ? type : "";
  }

  private String dataset(AttributeList item, Surroundings around) {
    var said = text(Keys.DATASET, item, around);
    if (!said.isEmpty()) {
      return said;
    }
    var receiver = RECEIVER.matcher(around.scopeName().utf8());
    return receiver.find() ? receiver.group(1) : rules.dataset();
  }

  private String namespace(AttributeList item, Surroundings around) {
    var said = text(Keys.NAMESPACE, item, around);
    return said.isEmpty() ? rules.namespace() : said;
  }

  private static String text(Bytes key, AttributeList item, Surroundings around) {
    var text = item.directs() ? item.text(key) : "";
    if (text.isEmpty() && around.scope.directs()) {
      text = around.scope.text(key);
    }
    return text.isEmpty() && around.resource.directs() ? around.resource.text(key) : text;
  }

  /// The attribute of an item, else of what it stands in; null if nobody has it.
  static @Nullable Bytes attribute(Bytes key, AttributeList item, Surroundings around) {
    var value = item.value(key);
    value = value == null ? around.scope.value(key) : value;
    return value == null ? around.resource.value(key) : value;
  }
}
