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
/// what is absent is left out. An optional section that is off is `null`, as the Collector prints it, if
/// a bare key leaves it off; is left out, if that does; and else says `enabled: false`.
final class Written {
  private final boolean redacted;

  /// @param redacted whether secrets are hidden
  Written(boolean redacted) {
    this.redacted = redacted;
  }

  Map<String, @Nullable Object> record(Record record) {
    var keys = new LinkedHashMap<String, @Nullable Object>();
    var shape = new Section(record.getClass());
    for (var field : shape.fields()) {
      var value = field.of(record);
      if (field.squashed()) {
        keys.putAll(record((Record) value));
      } else if (field.ignored().isEmpty()) {
        put(keys, shape, field, value);
      }
    }
    return keys;
  }

  private void put(
      Map<String, @Nullable Object> keys, Section shape, Shape.Field field, Object value) {
    if (field.shape() instanceof Shape.Many(Section _)
        && isNone(value)
        && isNoneByDefault(shape, field)) {
      return; // the Collector refuses some keys even when nothing stands there
    }
    if (!(value instanceof Optional<?> optional) || optional.isPresent()) {
      keys.put(field.key(), value(field.shape(), value));
    } else if (field.unless().isPresent()) {
      keys.put(field.key(), field.unless().get());
    } else if (field.shape() instanceof Shape.Maybe(Section inner)) {
      boolean unset =
          shape
              .ownDefaults()
              .map(defaults -> isEmpty(field.of(defaults)))
              .orElse(field.emptyIsOff());
      if (unset && field.emptyIsOff()) {
        keys.put(field.key(), null);
      } else if (!unset && !hasOwnSwitch(inner)) {
        keys.put(field.key(), Map.of("enabled", false));
      }
    }
  }

  private static boolean isNone(Object value) {
    return value instanceof List<?> list && list.isEmpty();
  }

  private static boolean isNoneByDefault(Section shape, Shape.Field field) {
    return shape.ownDefaults().map(defaults -> isNone(field.of(defaults))).orElse(false);
  }

  private static boolean isEmpty(Object value) {
    return value instanceof Optional<?> optional && optional.isEmpty();
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
          optional.map(inner -> value(maybe.inner(), inner)).orElse(null);
      case Shape.Many many when value instanceof List<?> list -> items(many, list);
      case Shape.Named named when value instanceof Map<?, ?> map -> entries(named, map);
      default -> value;
    };
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
