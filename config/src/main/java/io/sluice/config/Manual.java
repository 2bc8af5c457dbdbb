package io.sluice.config;

import static java.util.stream.Collectors.joining;

import io.sluice.component.ComponentFactory;
import io.sluice.component.ConnectorFactory;
import io.sluice.component.ExtensionFactory;
import io.sluice.component.Kind;
import io.sluice.config.Shape.Field;
import io.sluice.config.Shape.Section;
import io.sluice.service.TelemetryConfig;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The reference manual in Markdown: of each component its names, signals and keys, from the records.
public final class Manual {
  private final StringBuilder out = new StringBuilder();
  private final Deque<Class<?>> open = new ArrayDeque<>();
  private final Written written = new Written(true);

  private Manual() {}

  /// A page for each kind that has components.
  public static Map<Kind, String> of(Registry registry) {
    var pages = new EnumMap<Kind, String>(Kind.class);
    for (var kind : Kind.values()) {
      if (!registry.factories(kind).isEmpty()) {
        var manual = new Manual();
        manual.page(registry, kind);
        pages.put(kind, manual.out.toString());
      }
    }
    return pages;
  }

  /// The keys of `service::telemetry`.
  public static String telemetry() {
    var manual = new Manual();
    manual.out.append("# `service::telemetry`\n\n");
    manual.keys(TelemetryConfig.defaults());
    return manual.out.toString();
  }

  private void page(Registry registry, Kind kind) {
    var title = kind.section();
    out.append("# ").append(Character.toUpperCase(title.charAt(0))).append(title.substring(1));
    out.append("\n\nGenerated from the configuration records; change those.\n");
    registry.factories(kind).stream()
        .sorted(Comparator.comparing(ComponentFactory::type))
        .forEach(this::component);
  }

  private void component(ComponentFactory<?> factory) {
    out.append("\n## `").append(factory.type()).append("`\n\n");
    if (!factory.aliases().isEmpty()) {
      out.append("Also accepted: ")
          .append(factory.aliases().stream().sorted().map(Manual::code).collect(joining(", ")))
          .append(" (deprecated).\n\n");
    }
    out.append(signals(factory)).append("\n\n");
    keys(factory.defaults());
  }

  private static String signals(ComponentFactory<?> factory) {
    return switch (factory) {
      case ExtensionFactory<?> extension -> "Stability: " + extension.stability() + ".";
      case ConnectorFactory<?> connector ->
          "From signal to signal: "
              + connector.pairs().entrySet().stream()
                  .sorted(Map.Entry.comparingByKey())
                  .map(pair ->
                      pair.getKey()
                          + " to "
                          + pair.getValue().stream()
                              .sorted()
                              .map(Object::toString)
                              .collect(joining(", ")))
                  .collect(joining("; "))
              + ".";
      default ->
          "Signals: "
              + factory.signals().entrySet().stream()
                  .sorted(Map.Entry.comparingByKey())
                  .map(signal -> signal.getKey() + " (" + signal.getValue() + ")")
                  .collect(joining(", "))
              + ".";
    };
  }

  private void keys(Record defaults) {
    var section = new Section(defaults.getClass());
    if (section.keys().isEmpty()) {
      out.append("No keys.\n");
      return;
    }
    out.append("| key | type | default | meaning |\n|---|---|---|---|\n");
    section(section, defaults, "");
  }

  private void section(Section section, @Nullable Record defaults, String path) {
    if (open.contains(section.type())) {
      return;
    }
    open.push(section.type());
    for (var field : section.fields()) {
      var standard = defaults == null ? null : field.of(defaults);
      if (field.squashed() && field.shape() instanceof Section inner) {
        section(inner, (Record) standard, path);
      } else {
        key(field, standard, path);
      }
    }
    open.pop();
  }

  private void key(Field field, @Nullable Object standard, String path) {
    var here = path + field.key();
    var meaning =
        field.doc().orElse("")
            + field.ignored().map(why -> " Accepted without effect: " + why + ".").orElse("")
            + field.unsupported().map(why -> " Not supported: " + why + ".").orElse("")
            + field.renamed().map(old -> " Formerly `" + old + "`.").orElse("");
    out.append("| `")
        .append(here)
        .append("` | ")
        .append(cell(type(field.shape())))
        .append(" | ")
        .append(
            cell(
                field
                    .unless()
                    .map(Manual::code)
                    .orElseGet(() -> standard(field.shape(), standard))))
        .append(" | ")
        .append(cell(meaning))
        .append(" |\n");
    inside(field.shape(), standard, here);
  }

  private void inside(Shape shape, @Nullable Object standard, String path) {
    switch (shape) {
      case Section section -> section(section, (Record) standard, path + "::");
      case Shape.Maybe(Section section) ->
          section(
              section,
              standard instanceof Optional<?> value && value.isPresent()
                  ? (Record) value.get()
                  : section.defaults(),
              path + "::");
      case Shape.Maybe maybe -> inside(maybe.inner(), null, path);
      case Shape.Many(Section section) -> section(section, section.defaults(), path + "[]::");
      case Shape.Many many -> inside(many.item(), null, path + "[]");
      case Shape.Named(Section section) -> section(section, section.defaults(), path + "::*::");
      case Shape.Named named -> inside(named.value(), null, path + "::*");
      default -> {}
    }
  }

  private static String type(Shape shape) {
    return switch (shape) {
      case Shape.Text _ -> "text";
      case Shape.Hidden _ -> "secret";
      case Shape.Whole _ -> "integer";
      case Shape.Fraction _ -> "number";
      case Shape.Truth _ -> "true or false";
      case Shape.Span _ -> "duration";
      case Shape.Any _ -> "any value";
      case Shape.Choice choice -> choice.words().stream().map(Manual::code).collect(joining(", "));
      case Shape.Parsed parsed ->
          parsed.type().getSimpleName().equals("ComponentId") ? "id" : "text";
      case Section _ -> "section";
      case Shape.Maybe(Section _) -> "optional section";
      case Shape.Maybe maybe -> type(maybe.inner());
      case Shape.Many many -> "list of " + plural(many.item());
      case Shape.Named named -> "map to " + plural(named.value());
    };
  }

  private static String plural(Shape item) {
    return switch (item) {
      case Shape.Truth _, Shape.Choice _ -> type(item);
      case Shape.Any _ -> "any values";
      case Shape.Many _ -> "lists";
      case Shape.Named _ -> "maps";
      default -> type(item) + "s";
    };
  }

  private String standard(Shape shape, @Nullable Object standard) {
    return switch (shape) {
      case Section _ -> "";
      case Shape.Maybe(Section _) ->
          standard instanceof Optional<?> value && value.isPresent() ? "on" : "off";
      case Shape.Maybe _ when standard instanceof Optional<?> value && value.isEmpty() -> "";
      default -> standard == null ? "" : value(written.value(shape, standard));
    };
  }

  private static String value(@Nullable Object value) {
    return value instanceof String text && !text.isEmpty() ? code(text) : code(Json.line(value));
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
