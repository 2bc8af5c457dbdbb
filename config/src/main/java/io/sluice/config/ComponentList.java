package io.sluice.config;

import io.sluice.component.ComponentContext.Build;
import io.sluice.component.ComponentFactory;
import io.sluice.component.ConnectorFactory;
import io.sluice.component.ExtensionFactory;
import io.sluice.component.Kind;
import io.sluice.component.Stability;
import io.sluice.data.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `components`: what is in this distribution, in the form in which the Collector lists it.
public final class ComponentList {
  private static final List<Signal> LISTED = List.of(Signal.LOGS, Signal.METRICS, Signal.TRACES);
  private static final String UNDEFINED = "Undefined";

  private ComponentList() {}

  public static String of(Registry registry, Build build) {
    var list = new LinkedHashMap<String, @Nullable Object>();
    list.put(
        "buildinfo",
        Json.object(
            "command", build.command(),
            "description", build.description(),
            "version", build.version()));
    for (var kind :
        List.of(Kind.RECEIVER, Kind.PROCESSOR, Kind.EXPORTER, Kind.CONNECTOR, Kind.EXTENSION)) {
      var entries = new ArrayList<Object>();
      registry.factories(kind).stream()
          .sorted(Comparator.comparing(ComponentFactory::type))
          .forEach(factory -> entries.add(entry(factory, build)));
      list.put(kind.section(), entries);
    }
    list.put(
        "providers",
        Location.SCHEMES.stream().map(scheme -> Json.object("scheme", scheme)).toList());
    return YamlWriter.of(list);
  }

  private static Map<String, @Nullable Object> entry(ComponentFactory<?> factory, Build build) {
    var entry =
        Json.object(
            "name",
            factory.type(),
            "module",
            factory.getClass().getPackageName() + " v" + build.version());
    if (!factory.aliases().isEmpty()) {
      entry.put("aliases", factory.aliases().stream().sorted().toList());
    }
    entry.put("stability", stability(factory));
    return entry;
  }

  private static Map<String, @Nullable Object> stability(ComponentFactory<?> factory) {
    return switch (factory) {
      case ExtensionFactory<?> extension -> Json.object("extension", word(extension.stability()));
      case ConnectorFactory<?> connector -> pairs(connector);
      default -> {
        var levels = new LinkedHashMap<String, @Nullable Object>();
        LISTED.forEach(
            signal -> levels.put(signal.toString(), word(factory.signals().get(signal))));
        yield levels;
      }
    };
  }

  private static Map<String, @Nullable Object> pairs(ConnectorFactory<?> connector) {
    var levels = new LinkedHashMap<String, @Nullable Object>();
    for (var from : LISTED) {
      for (var to : LISTED) {
        boolean joined = connector.pairs().getOrDefault(from, Set.of()).contains(to);
        levels.put(from + "-to-" + to, joined ? word(connector.signals().get(from)) : UNDEFINED);
      }
    }
    return levels;
  }

  private static String word(@Nullable Stability stability) {
    if (stability == null) {
      return UNDEFINED;
    }
    var word = stability.toString();
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
