package io.sluice.processors.attraction;

import com.google.re2j.Pattern;
import io.sluice.data.AnyValue;
import io.sluice.data.AttributeTable;
import io.sluice.data.Batch;
import io.sluice.data.RecordPatch;
import io.sluice.wire.Bytes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A list of actions, run in its order on the attributes of one record; later ones see what earlier
/// ones did. Confined to one thread: hashing reuses its state.
public final class Actions implements RecordPatch.Edit {
  /// One action, with all that does not depend on data worked out before.
  @FunctionalInterface
  private interface Step {
    void run(AttributeTable attributes, Batch batch);
  }

  private final Step[] steps;
  private final Hash hash = new Hash();

  public Actions(List<ActionConfig> actions) {
    steps = actions.stream().map(this::step).toArray(Step[]::new);
  }

  @Override
  public void edit(AttributeTable attributes, Batch batch) {
    for (var step : steps) {
      step.run(attributes, batch);
    }
  }

  private Step step(ActionConfig action) {
    var key = Bytes.utf8(action.key());
    return switch (action.verb()) {
      case "insert" -> insert(key, Source.of(action));
      case "update" -> update(key, Source.of(action));
      case "upsert" -> upsert(key, Source.of(action));
      case "delete" -> each(action, AttributeTable::remove);
      case "hash" ->
          each(action, (attributes, at) -> attributes.set(at, hash.of(attributes.value(at))));
      case "extract" -> new Extraction(key, Pattern.compile(action.pattern()))::run;
      case "convert" -> convert(key, Conversion.of(action.convertedType()));
      default -> throw new IllegalArgumentException("action " + action.action());
    };
  }

  private static Step insert(Bytes key, Source source) {
    return (attributes, batch) -> {
      if (attributes.find(key) < 0) {
        var value = source.value(attributes, batch);
        if (value != null) {
          attributes.add(key, value);
        }
      }
    };
  }

  private static Step update(Bytes key, Source source) {
    return (attributes, batch) -> {
      int at = attributes.find(key);
      if (at >= 0) {
        var value = source.value(attributes, batch);
        if (value != null) {
          attributes.set(at, value);
        }
      }
    };
  }

  private static Step upsert(Bytes key, Source source) {
    return (attributes, batch) -> {
      var value = source.value(attributes, batch);
      if (value != null) {
        attributes.put(key, value);
      }
    };
  }

  private static Step convert(Bytes key, Conversion conversion) {
    return (attributes, _) -> {
      int at = attributes.find(key);
      if (at >= 0) {
        var converted = conversion.apply(AnyValue.decode(attributes.value(at)));
        if (converted != null) {
          attributes.set(at, converted.encode());
        }
      }
    };
  }

  /// What `delete` and `hash` do with each attribute they find. Both exist to hide something, so of a
  /// key that comes twice they reach every one; the other actions touch the first.
  @FunctionalInterface
  private interface Change {
    void apply(AttributeTable attributes, int at);
  }

  private static Step each(ActionConfig action, Change change) {
    var key = Bytes.utf8(action.key());
    boolean hasKey = !action.key().isEmpty();
    var pattern =
        action.pattern().isEmpty()
            ? Optional.<Pattern>empty()
            : Optional.of(Pattern.compile(action.pattern()));
    @Nullable Pattern compiled = pattern.orElse(null);
    return (attributes, _) -> {
      int at = hasKey ? attributes.find(key) : -1;
      while (at >= 0) {
        change.apply(attributes, at);
        at = attributes.next(key, at + 1);
      }
      if (compiled != null) {
        matching(compiled, attributes, change);
      }
    };
  }

  private static void matching(Pattern pattern, AttributeTable attributes, Change change) {
    for (int i = 0; i < attributes.size(); i++) {
      if (attributes.isPresent(i) && pattern.matcher(attributes.key(i).utf8()).find()) {
        change.apply(attributes, i);
      }
    }
  }
}
