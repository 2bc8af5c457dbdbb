package io.sluice.config;

import io.sluice.component.Secret;
import io.sluice.config.Tree.Scalar;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads single values, as strictly as the Collector does. Each method gives null for what it had to
/// report.
final class Scalars {
  private final Problems problems;

  Scalars(Problems problems) {
    this.problems = problems;
  }

  @Nullable String text(Slot slot, boolean hidden) {
    var tree = slot.tree();
    if (tree instanceof Scalar scalar && scalar.value() instanceof String text) {
      return text;
    }
    if (tree.original() != null) {
      return tree.original();
    }
    if (Binder.isNothing(tree)) {
      warnOfNothing(slot, "an empty text");
      return "";
    }
    var found = hidden ? "a value of another type" : tree.described();
    expected(slot, found, tree instanceof Scalar ? "a text; put it in quotes" : "a text");
    return null;
  }

  @Nullable Secret secret(Slot slot) {
    var text = text(slot, true);
    return text == null ? null : new Secret(text);
  }

  @Nullable Object whole(Slot slot, Shape.Whole range) {
    boolean isInt = range.max() == Integer.MAX_VALUE;
    if (Binder.isNothing(slot.tree())) {
      warnOfNothing(slot, "0");
      return isInt ? (Object) 0 : (Object) 0L;
    }
    var number = integer(slot.tree());
    if (number == null) {
      expected(slot, slot.tree().described(), "an integer");
    } else if (number < range.min() || number > range.max()) {
      expected(slot, slot.tree().described(), range.min() + " to " + range.max());
    } else {
      return isInt ? (Object) number.intValue() : (Object) number;
    }
    return null;
  }

  /// A fraction that is whole counts as an integer, as in `1e6`.
  private static @Nullable Long integer(Tree tree) {
    return switch (tree.plain()) {
      case Long number -> number;
      case Double number when number == Math.rint(number) && Math.abs(number) < 0x1p63 ->
          number.longValue();
      case null, default -> null;
    };
  }

  @Nullable Object fraction(Slot slot) {
    if (Binder.isNothing(slot.tree())) {
      warnOfNothing(slot, "0");
      return 0.0;
    }
    if (slot.tree().plain() instanceof Number number) {
      return number.doubleValue();
    }
    expected(slot, slot.tree().described(), "a number");
    return null;
  }

  @Nullable Object truth(Slot slot) {
    if (Binder.isNothing(slot.tree())) {
      warnOfNothing(slot, "false");
      return false;
    }
    if (slot.tree().plain() instanceof Boolean truth) {
      return truth;
    }
    expected(slot, slot.tree().described(), "true or false");
    return null;
  }

  @Nullable Object duration(Slot slot) {
    if (Binder.isNothing(slot.tree())) {
      warnOfNothing(slot, "0s");
      return Duration.ZERO;
    }
    try {
      return switch (slot.tree().plain()) {
        case String text -> GoDuration.parse(text);
        case null, default -> nanoseconds(slot);
      };
    } catch (IllegalArgumentException e) {
      problems.error(slot.tree().place(), slot.path(), String.valueOf(e.getMessage()));
      return null;
    }
  }

  private @Nullable Duration nanoseconds(Slot slot) {
    var nanos = integer(slot.tree());
    if (nanos == null) {
      expected(slot, slot.tree().described(), GoDuration.EXPECTED);
      return null;
    }
    if (nanos != 0) {
      problems.warning(
          slot.tree().place(),
          slot.path(),
          nanos + " without a unit counts nanoseconds (expected: " + GoDuration.EXPECTED + ")");
    }
    return Duration.ofNanos(nanos);
  }

  @Nullable Object any(Slot slot) {
    if (Binder.isNothing(slot.tree())) {
      expected(slot, "nothing", "a value");
    }
    return slot.tree().plain();
  }

  @Nullable Object choice(Slot slot, Shape.Choice choice) {
    var text = isBlank(slot.tree()) ? "" : text(slot, false);
    if (text == null) {
      return null;
    }
    var constant = choice.constant(slot.anyCase() ? text.toLowerCase(Locale.ROOT) : text);
    if (constant.isEmpty() && text.isEmpty()) {
      expected(slot, "nothing", "one of " + String.join(", ", choice.words()));
    } else if (constant.isEmpty()) {
      problems.error(
          slot.tree().place(), slot.path(), "'" + text + "'" + Nearest.hint(text, choice.words()));
    }
    return constant.orElse(null);
  }

  @Nullable Object parsed(Slot slot, Shape.Parsed shape) {
    if (isBlank(slot.tree())) {
      expected(slot, "nothing", "a text");
      return null;
    }
    var text = text(slot, false);
    try {
      return text == null ? null : shape.parse(text);
    } catch (IllegalArgumentException e) {
      problems.error(slot.tree().place(), slot.path(), String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static boolean isBlank(Tree tree) {
    return Binder.isNothing(tree) && tree.original() == null;
  }

  private void warnOfNothing(Slot slot, String meaning) {
    problems.warning(
        slot.entry().keyPlace(),
        slot.path(),
        "no value; it counts as " + meaning + " (expected: a value, or no key for the default)");
  }

  void expected(Slot slot, String found, String expected) {
    problems.error(slot.tree().place(), slot.path(), found + " (expected: " + expected + ")");
  }
}
