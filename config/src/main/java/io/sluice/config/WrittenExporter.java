package io.sluice.config;

import io.sluice.component.Kind;
import io.sluice.component.Secret;
import io.sluice.config.Tree.Entry;
import io.sluice.config.Tree.Mapping;
import io.sluice.config.Tree.Scalar;
import io.sluice.config.Tree.Sequence;
import io.sluice.service.Plan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The section of an exporter as the user wrote it: what may be copied elsewhere. References stay
/// references; a text with a secret in it in the clear is not given away.
public sealed interface WrittenExporter {
  /// @param yaml `exporters` with this one in it
  record Section(String yaml) implements WrittenExporter {}

  /// @param reason for people
  record Withheld(String reason) implements WrittenExporter {}

  static WrittenExporter of(Mapping merged, Plan.ExporterPart<?> part) {
    var id = part.id().toString();
    var exporters = merged.entries().get(Kind.EXPORTER.section());
    if (exporters == null
        || !(exporters.value() instanceof Mapping section)
        || !(section.entries().get(id) instanceof Entry(_, var body))) {
      return new Withheld("its section does not stand in the configuration itself");
    }
    var secrets = new Search(part.config()).secrets();
    for (var text : Search.texts(body, new ArrayList<>())) {
      if (Search.reveals(text, secrets)) {
        return new Withheld(
            "a secret is written in the clear (expected: ${env:NAME} or ${file:PATH} in its place)");
      }
    }
    Map<String, @Nullable Object> inner = new LinkedHashMap<>();
    inner.put(id, body.plain());
    return new Section(YamlWriter.of(Map.of(Kind.EXPORTER.section(), inner)));
  }

  /// For secrets.
  final class Search {
    private static final Pattern USER_AND_PASSWORD = Pattern.compile("://[^/@\\s$]*:[^/@\\s$]+@");

    private final List<String> secrets = new ArrayList<>();

    Search(Record config) {
      var shown = leaves(new Written(true).record(config), new ArrayList<>());
      var plain = leaves(new Written(false).record(config), new ArrayList<>());
      for (int i = 0; i < plain.size(); i++) {
        if (shown.get(i).equals(Secret.REDACTED) && !plain.get(i).isEmpty()) {
          secrets.add(plain.get(i));
        }
      }
    }

    List<String> secrets() {
      return secrets;
    }

    /// A default within a reference is in the clear too.
    static boolean reveals(String text, List<String> secrets) {
      var unescaped = text.replace("$$", "$");
      return secrets.stream().anyMatch(unescaped::contains)
          || USER_AND_PASSWORD.matcher(unescaped).find();
    }

    private static List<String> leaves(@Nullable Object value, List<String> into) {
      switch (value) {
        case Map<?, ?> map -> map.values().forEach(inner -> leaves(inner, into));
        case Collection<?> list -> list.forEach(inner -> leaves(inner, into));
        case null -> into.add("");
        default -> into.add(value.toString());
      }
      return into;
    }

    static List<String> texts(Tree tree, List<String> into) {
      switch (tree) {
        case Mapping mapping ->
            mapping.entries().values().forEach(entry -> texts(entry.value(), into));
        case Sequence list -> list.items().forEach(item -> texts(item, into));
        case Scalar scalar -> into.add(Objects.toString(scalar.value(), ""));
      }
      return into;
    }
  }
}
