package io.sluice.data;

import java.util.Locale;

/// What a batch holds. Users write the lower-case name; metrics count [#items].
public enum Signal {
  TRACES("spans"),
  METRICS("metric_points"),
  LOGS("log_records"),
  PROFILES("profile_samples");

  private final String items;
  private final String lowerCase = name().toLowerCase(Locale.ROOT);

  Signal(String items) {
    this.items = items;
  }

  /// The unit of counting, as in `otelcol_receiver_accepted_spans`.
  public String items() {
    return items;
  }

  @Override
  public String toString() {
    return lowerCase;
  }
}
