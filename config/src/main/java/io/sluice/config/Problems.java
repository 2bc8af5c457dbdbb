package io.sluice.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects what is wrong with a configuration, so that a user hears of everything in one go.
final class Problems {
  private static final Comparator<Problem> READING_ORDER =
      Comparator.comparing(Problem::place)
          .thenComparing(Problem::path)
          .thenComparing(Problem::what);

  private final List<Problem> errors = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final List<Problem> notes = new ArrayList<>();

  void error(Place place, String path, String what) {
    errors.add(new Problem(place, path, what));
  }

  void error(Problem problem) {
    errors.add(problem);
  }

  void warning(Place place, String path, String what) {
    warnings.add(new Problem(place, path, what));
  }

  /// Worth knowing, nothing to mend.
  void note(Place place, String path, String what) {
    notes.add(new Problem(place, path, what));
  }

  boolean any() {
    return !errors.isEmpty();
  }

  List<Problem> warnings() {
    return warnings.stream().sorted(READING_ORDER).distinct().toList();
  }

  List<Problem> notes() {
    return notes.stream().sorted(READING_ORDER).distinct().toList();
  }

  void throwIfAny() {
    if (any()) {
      throw new InvalidConfigException(
          errors.stream().sorted(READING_ORDER).distinct().toList(), warnings());
    }
  }

  static String path(String path, String key) {
    return path.isEmpty() ? key : path + "::" + key;
  }
}
