package io.sluice.processors.attraction;

import io.sluice.data.AnyValue;
import io.sluice.data.AttributeTable;
import io.sluice.data.Batch;
import io.sluice.wire.Bytes;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where insert, update and upsert take their value from.
@FunctionalInterface
interface Source {
  /// The AnyValue message, or null if the source has none: then the action does nothing.
  @Nullable Bytes value(AttributeTable attributes, Batch batch);

  static Source of(ActionConfig action) {
    if (action.value().isPresent()) {
      var value = AnyValue.of(action.value().get()).encode();
      return (_, _) -> value;
    }
    var first = first(action);
    if (action.defaultValue().isEmpty()) {
      return first;
    }
    var fallback = AnyValue.of(action.defaultValue().get()).encode();
    return (attributes, batch) -> {
      var value = first.value(attributes, batch);
      return value == null ? fallback : value;
    };
  }

  private static Source first(ActionConfig action) {
    if (!action.fromAttribute().isEmpty()) {
      return attribute(Bytes.utf8(action.fromAttribute()));
    }
    return action.fromContext().isEmpty() ? (_, _) -> null : context(action.fromContext());
  }

  private static Source attribute(Bytes key) {
    return (attributes, _) -> {
      int at = attributes.find(key);
      return at < 0 ? null : attributes.value(at);
    };
  }

  /// `auth.` is what the receiver's authenticator knows of the sender.
  private static Source context(String from) {
    if (from.equals("client.address")) {
      return (_, batch) -> new AnyValue.Text(batch.origin().peer()).encode();
    }
    if (from.startsWith("auth.")) {
      var known = from.substring("auth.".length());
      return (_, batch) -> {
        var value = batch.origin().identity().get(known);
        return value == null ? null : new AnyValue.Text(value).encode();
      };
    }
    var name = from.startsWith("metadata.") ? from.substring("metadata.".length()) : from;
    var header = name.toLowerCase(Locale.ROOT);
    return (_, batch) -> {
      var values = batch.origin().metadata().getOrDefault(header, List.of());
      return values.isEmpty() ? null : new AnyValue.Text(String.join(";", values)).encode();
    };
  }
}
