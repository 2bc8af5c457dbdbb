package io.sluice.exporters.prometheuspull;

import java.util.Locale;

/// What a scraper asks for by its `Accept`.
final class Accept {
  private static final String OPEN_METRICS = "application/openmetrics-text";
  private static final String TEXT = "text/plain";
  private static final String UTF8 = "allow-utf-8";

  private Accept() {}

  /// How a page is written.
  ///
  /// @param utf8 whether names may be any text
  record Format(boolean openMetrics, boolean utf8) {
    String contentType() {
      var version = utf8 ? "1.0.0" : openMetrics ? "1.0.0" : "0.0.4";
      return (openMetrics ? OPEN_METRICS : TEXT)
          + "; version="
          + version
          + "; charset=utf-8"
          + (utf8 ? "; escaping=" + UTF8 : "");
    }
  }

  /// The best that both know; plain text for whoever asks for anything else.
  ///
  /// @param open whether OpenMetrics is to be had
  /// @param utf8 whether there may be names of any text
  static Format of(String accept, boolean open, boolean utf8) {
    var best = new Format(false, false);
    double bestWeight = -1;
    for (var each : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      var parts = each.strip().split("\\s*;\\s*", -1);
      boolean openMetrics = parts[0].equals(OPEN_METRICS);
      double weight = weight(parts);
      if ((openMetrics ? open : parts[0].equals(TEXT)) && weight > 0 && weight > bestWeight) {
        bestWeight = weight;
        best = new Format(openMetrics, utf8 && has(parts, "escaping=" + UTF8));
      }
    }
    return best;
  }

  private static boolean has(String[] parts, String parameter) {
    for (var part : parts) {
      if (part.equals(parameter)) {
        return true;
      }
    }
    return false;
  }

  private static double weight(String[] parts) {
    for (var part : parts) {
      if (part.startsWith("q=")) {
        try {
          return Double.parseDouble(part.substring(2));
        } catch (NumberFormatException _) {
          return 0;
        }
      }
    }
    return 1;
  }
}
