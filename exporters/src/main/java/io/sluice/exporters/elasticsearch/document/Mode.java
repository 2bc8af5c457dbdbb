package io.sluice.exporters.elasticsearch.document;

import io.sluice.data.Signal;
import java.util.Locale;
import java.util.Optional;

/// What documents look like.
public enum Mode {
  OTEL,
  ECS,
  NONE,
  RAW,
  BODYMAP;

  public static Optional<Mode> of(String name) {
    for (var mode : values()) {
      if (mode.toString().equals(name)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }

  boolean carries(Signal signal) {
    return switch (this) {
      case OTEL, ECS -> signal != Signal.PROFILES;
      case NONE, RAW -> signal == Signal.LOGS || signal == Signal.TRACES;
      case BODYMAP -> signal == Signal.LOGS;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
