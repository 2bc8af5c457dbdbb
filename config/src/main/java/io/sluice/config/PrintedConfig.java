package io.sluice.config;

import io.sluice.component.Kind;
import io.sluice.config.Configuration.Reference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `print-config`: the resolved configuration with all defaults filled in, also of components that no
/// pipeline uses.
public final class PrintedConfig {
  /// How it is written.
  public enum Format {
    YAML,
    JSON;

    /// As after `--format`.
    ///
    /// @throws IllegalArgumentException for anything but yaml and json
    public static Format parse(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "yaml" -> YAML;
        case "json" -> JSON;
        default ->
            throw new IllegalArgumentException("--format: '" + text + "' (expected: yaml or json)");
      };
    }
  }

  /// Whether secrets are shown.
  public enum Mode {
    REDACTED,
    UNREDACTED;

    /// As after `--mode`.
    ///
    /// @throws IllegalArgumentException for anything but redacted and unredacted
    public static Mode parse(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "redacted" -> REDACTED;
        case "unredacted" -> UNREDACTED;
        default ->
            throw new IllegalArgumentException(
                "--mode: '" + text + "' (expected: redacted or unredacted)");
      };
    }
  }

  private PrintedConfig() {}

  public static String of(Loaded loaded, Format format, Mode mode) {
    var tree = tree(loaded.configuration(), new Written(mode == Mode.REDACTED));
    return format == Format.JSON ? Json.of(tree) : YamlWriter.of(tree);
  }

  private static Map<String, @Nullable Object> tree(Configuration configuration, Written written) {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    for (var kind :
        List.of(Kind.CONNECTOR, Kind.EXPORTER, Kind.EXTENSION, Kind.PROCESSOR, Kind.RECEIVER)) {
      var section = new LinkedHashMap<String, @Nullable Object>();
      configuration
          .of(kind)
          .forEach((id, bound) -> section.put(id.toString(), written.record(bound.config())));
      tree.put(kind.section(), section);
    }
    var service = new LinkedHashMap<String, @Nullable Object>();
    service.put("extensions", ids(configuration.extensions()));
    service.put("pipelines", pipelines(configuration));
    service.put("telemetry", written.record(configuration.telemetry()));
    tree.put(ConfigurationReader.SERVICE, service);
    return tree;
  }

  private static Map<String, @Nullable Object> pipelines(Configuration configuration) {
    var pipelines = new LinkedHashMap<String, @Nullable Object>();
    for (var uses : configuration.pipelines()) {
      pipelines.put(
          uses.id().toString(),
          Json.object(
              "receivers", ids(uses.receivers()),
              "processors", ids(uses.processors()),
              "exporters", ids(uses.exporters())));
    }
    return pipelines;
  }

  private static List<String> ids(List<Reference> references) {
    return references.stream().map(reference -> reference.id().toString()).toList();
  }
}
