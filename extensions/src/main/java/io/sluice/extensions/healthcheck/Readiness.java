package io.sluice.extensions.healthcheck;

import io.sluice.component.Health;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;

/// The body of the main path: `status`, `upSince`, `uptime`, as the Collector writes them.
final class Readiness {
  /// Go's zero time.
  private static final String NEVER = "0001-01-01T00:00:00Z";

  private Readiness() {}

  static String json(Health health, Instant now) {
    boolean ready = health.ready();
    return new JsonObject()
        .put("status", ready ? "Server available" : "Server not available")
        .put("upSince", ready ? health.readySince().toString() : NEVER)
        .put("uptime", ready ? text(Duration.between(health.readySince(), now)) : "")
        .encode();
  }

  /// As Go prints a duration: `1h2m3.5s`.
  static String text(Duration duration) {
    var text = new StringBuilder();
    if (duration.toHours() > 0) {
      text.append(duration.toHours()).append('h');
    }
    if (duration.toMinutes() > 0) {
      text.append(duration.toMinutesPart()).append('m');
    }
    var seconds = "%d.%09d".formatted(duration.toSecondsPart(), duration.toNanosPart());
    return text.append(seconds.replaceAll("\\.?0+$", "")).append('s').toString();
  }
}
