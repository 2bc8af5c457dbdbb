package io.sluice.config;

import static java.util.stream.Collectors.joining;

import io.sluice.component.ComponentFactory;
import io.sluice.component.Kind;
import io.sluice.config.Shape.Field;
import io.sluice.config.Shape.Section;
import io.sluice.service.TelemetryConfig;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `schema`: a JSON Schema (draft 2020-12) of the whole configuration, for editors. Wherever a value
/// may stand, so may a `${...}`. Nothing is required: a configuration may come in several files.
public final class JsonSchema {
  private static final String REFERENCE = "\\$\\{.*\\}";
  private static final String NAME = "(/.+)?$";

  private final Deque<Class<?>> open = new ArrayDeque<>();
  private final Written written = new Written(true);

  private JsonSchema() {}

  public static String of(Registry registry) {
    return Json.of(new JsonSchema().document(registry));
  }

  private Map<String, @Nullable Object> document(Registry registry) {
    var sections = new LinkedHashMap<String, @Nullable Object>();
    for (var kind : Kind.values()) {
      sections.put(kind.section(), components(registry, kind));
    }
    sections.put(ConfigurationReader.SERVICE, service());
    return Json.object(
        "$schema",
        "https://json-schema.org/draft/2020-12/schema",
        "title",
        "Sluice configuration",
        "type",
        "object",
        "properties",
        sections,
        "additionalProperties",
        false);
  }

  private Map<String, @Nullable Object> components(Registry registry, Kind kind) {
    var patterns = new LinkedHashMap<String, @Nullable Object>();
    for (var factory : registry.factories(kind)) {
      patterns.put("^" + factory.type() + NAME, component(factory));
      if (!factory.aliases().isEmpty()) {
        var names = factory.aliases().stream().sorted().collect(joining("|"));
        var old = component(factory);
        old.put("deprecated", true);
        patterns.put("^(" + names + ")" + NAME, old);
      }
    }
    return closed(Json.object("type", List.of("object", "null"), "patternProperties", patterns));
  }

  private Map<String, @Nullable Object> component(ComponentFactory<?> factory) {
    return section(new Section(factory.defaults().getClass()), factory.defaults(), false);
  }

  private static Map<String, @Nullable Object> closed(Map<String, @Nullable Object> schema) {
    schema.put("additionalProperties", false);
    return schema;
  }

  private Map<String, @Nullable Object> service() {
    var ids = Json.object("type", "array", "items", Json.object("type", "string"));
    var pipeline =
        closed(
            Json.object(
                "type",
                "object",
                "properties",
                Json.object("receivers", ids, "processors", ids, "exporters", ids)));
    var pipelines =
        closed(
            Json.object(
                "type",
                "object",
                "patternProperties",
                Json.object("^(traces|metrics|logs|profiles)" + NAME, pipeline)));
    var telemetry = section(new Section(TelemetryConfig.class), TelemetryConfig.defaults(), false);
    return closed(
        Json.object(
            "type",
            "object",
            "properties",
            Json.object("extensions", ids, "pipelines", pipelines, "telemetry", telemetry)));
  }

  private Map<String, @Nullable Object> section(
      Section section, @Nullable Record defaults, boolean switchable) {
    if (open.contains(section.type())) {
      return Json.object("type", List.of("object", "null"));
    }
    open.push(section.type());
    var properties = new LinkedHashMap<String, @Nullable Object>();
    properties(section, defaults, properties);
    if (switchable && !properties.containsKey("enabled")) {
      properties.put("enabled", value(new Shape.Truth(), null));
    }
    open.pop();
    return closed(
        Json.object(
            "type",
            List.of("object", "string", "null"),
            "pattern",
            REFERENCE,
            "properties",
            properties));
  }

  private void properties(
      Section section, @Nullable Record defaults, Map<String, @Nullable Object> properties) {
    for (var field : section.fields()) {
      var standard = defaults == null ? null : field.of(defaults);
      if (field.squashed() && field.shape() instanceof Section inner) {
        properties(inner, (Record) standard, properties);
      } else {
        properties.put(field.key(), property(field, standard));
        field
            .renamed()
            .ifPresent(old -> {
              var schema = property(field, standard);
              schema.put("deprecated", true);
              properties.put(old, schema);
            });
      }
    }
  }

  private Map<String, @Nullable Object> property(Field field, @Nullable Object standard) {
    var schema = value(field.shape(), standard);
    var description = description(field);
    if (!description.isEmpty()) {
      schema.put("description", description);
    }
    if (standard != null && isSimple(field.shape())) {
      schema.put("default", written.value(field.shape(), standard));
    }
    if (field.ignored().isPresent() || field.unsupported().isPresent()) {
      schema.put("deprecated", true);
    }
    return schema;
  }

  private static String description(Field field) {
    return (field.doc().orElse("")
            + field
                .ignored()
                .map(why -> " Accepted, has no effect in Sluice: " + why + ".")
                .orElse("")
            + field
                .unsupported()
                .map(why -> " Not supported in Sluice, only the default is accepted: " + why + ".")
                .orElse(""))
        .strip();
  }

  private static boolean isSimple(Shape shape) {
    return switch (shape) {
      case Section _, Shape.Maybe _, Shape.Hidden _ -> false;
      default -> true;
    };
  }

  private Map<String, @Nullable Object> value(Shape shape, @Nullable Object standard) {
    return switch (shape) {
      case Shape.Text _, Shape.Hidden _, Shape.Parsed _ -> Json.object("type", "string");
      case Shape.Whole _ -> typed("integer");
      case Shape.Fraction _ -> typed("number");
      case Shape.Truth _ -> typed("boolean");
      case Shape.Span _ ->
          Json.object(
              "type",
              List.of("string", "integer"),
              "pattern",
              GoDuration.PATTERN + "|" + REFERENCE);
      case Shape.Any _ -> Json.object();
      case Shape.Choice choice ->
          Json.object(
              "anyOf",
              List.of(
                  Json.object("enum", choice.words()),
                  Json.object("type", "string", "pattern", REFERENCE)));
      case Section section -> section(section, (Record) standard, false);
      case Shape.Maybe(Section section) -> section(section, optional(standard, section), true);
      case Shape.Maybe maybe -> value(maybe.inner(), null);
      case Shape.Many many -> many(many);
      case Shape.Named named ->
          Json.object(
              "type", List.of("object", "array", "string", "null"),
              "pattern", REFERENCE,
              "additionalProperties", value(named.value(), null));
    };
  }

  private static @Nullable Record optional(@Nullable Object standard, Section section) {
    return standard instanceof Optional<?> value && value.isPresent()
        ? (Record) value.get()
        : section.defaults();
  }

  /// A list of texts may be one text with commas.
  private Map<String, @Nullable Object> many(Shape.Many many) {
    var schema =
        Json.object("type", List.of("array", "string", "null"), "items", value(many.item(), null));
    if (!(many.item() instanceof Shape.Text)) {
      schema.put("pattern", REFERENCE);
    }
    return schema;
  }

  private static Map<String, @Nullable Object> typed(String type) {
    return Json.object("type", List.of(type, "string"), "pattern", REFERENCE);
  }
}
