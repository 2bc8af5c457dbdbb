package io.sluice.config;

import io.sluice.config.Tree.Entry;

/// A value to be bound, what is wanted of it and where it stands.
record Slot(Shape shape, Entry entry, String path, boolean anyCase) {
  Tree tree() {
    return entry.value();
  }

  Slot with(Shape inner) {
    return new Slot(inner, entry, path, anyCase);
  }

  Slot item(Shape inner, Entry item, String key) {
    return new Slot(inner, item, Problems.path(path, key), anyCase);
  }
}
