package io.sluice.config;

import io.sluice.component.Secret;
import io.sluice.config.Shape.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A record as a user would write it: the way back from what [Binder] does. What has no effect and
/// what is absent is left out; an optional section that is off says `enabled: false`.
final class Written {
  private final boolean redacted;

  /// @param redacted whether secrets are hidden
  Written(boolean redacted) {
    this.redacted = redacted;
  }

  Map<String, @Nullable Object> record(Record record) {
    var keys = new LinkedHashMap<String, @Nullable Object>();
    for (var field : new Section(record.getClass()).fields()) {
      var value = field.of(record);
      if (field.squashed()) {
        keys.putAll(record((Record) value));
      } else if (field.ignored().isEmpty() && !isAbsent(field.shape(), value)) {
        keys.put(field.key(), value(field.shape(), value));
      }
    }
    return keys;
  }

  private static boolean isAbsent(Shape shape, Object value) {
    return value instanceof Optional<?> optional
        && optional.isEmpty()
        && !(shape instanceof Shape.Maybe(Section section) && !hasOwnSwitch(section));
  }

  private static boolean hasOwnSwitch(Section section) {
    return section.keys().stream().anyMatch(field -> field.key().equals("enabled"));
  }

  @Nullable Object value(Shape shape, @Nullable Object value) {
    return switch (shape) {
      case Shape.Hidden _ when value instanceof Secret secret -> hidden(secret);
      case Shape.Span _ when value instanceof Duration duration -> GoDuration.text(duration);
      case Shape.Choice _ when value != null -> Shape.Choice.word(value);
      case Shape.Parsed _ -> String.valueOf(value);
      case Section _ when value instanceof Record record -> record(record);
      case Shape.Maybe maybe when value instanceof Optional<?> optional ->
          optional.isPresent() ? value(maybe.inner(), optional.get()) : off(maybe.inner());
      case Shape.Many many when value instanceof List<?> list -> items(many, list);
      case Shape.Named named when value instanceof Map<?, ?> map -> entries(named, map);
      default -> value;
    };
  }

  private static @Nullable Object off(Shape inner) {
    return inner instanceof Section ? Map.of("enabled", false) : null;
  }

  private String hidden(Secret secret) {
    return redacted && !secret.value().isEmpty() ? Secret.REDACTED : secret.value();
  }

  private List<@Nullable Object> items(Shape.Many many, List<?> list) {
    var items = new ArrayList<@Nullable Object>();
    list.forEach(item -> items.add(value(many.item(), item)));
    return items;
  }

  private Map<String, @Nullable Object> entries(Shape.Named named, Map<?, ?> map) {
    var entries = new LinkedHashMap<String, @Nullable Object>();
    map.forEach((key, item) -> entries.put(String.valueOf(key), value(named.value(), item)));
    return entries;
  }
}
