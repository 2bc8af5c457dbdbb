package io.sluice.extensions.healthcheck;

import io.sluice.component.Health;
import io.sluice.component.Status;
import io.sluice.component.Status.State;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `/status[?pipeline=ID][&verbose]`: how the gateway or one pipeline is, in the shape of the Collector's
/// healthcheckv2; with `verbose`, how each part of it is.
///
/// Errors of components make an unhealthy state visible, not an unhealthy answer: only a fatal one does.
final class StatusReport {
  private static final String EXTENSIONS = "extensions";

  /// From what matters most to what matters least.
  private static final List<State> SEVERITY =
      List.of(
          State.FATAL_ERROR,
          State.PERMANENT_ERROR,
          State.RECOVERABLE_ERROR,
          State.STOPPING,
          State.STOPPED,
          State.STARTING,
          State.OK);

  private final int httpStatus;
  private final JsonObject body;

  private StatusReport(int httpStatus, JsonObject body) {
    this.httpStatus = httpStatus;
    this.body = body;
  }

  /// @param pipeline null for the whole gateway
  static StatusReport of(Health health, @Nullable String pipeline, boolean verbose) {
    var components = health.components();
    if (pipeline == null) {
      var all = components.values().stream().flatMap(c -> c.values().stream()).toList();
      var body = described(worst(all)).put("start_time", health.startedAt().toString());
      if (verbose) {
        body.put("components", pipelines(components));
      }
      return new StatusReport(httpStatus(worst(all).state()), body);
    }
    var parts = components.get(pipeline);
    if (parts == null) {
      return new StatusReport(404, new JsonObject().put("error", "no pipeline of this name"));
    }
    var body = described(worst(parts.values())).put("start_time", health.startedAt().toString());
    if (verbose) {
      body.put("components", parts(parts));
    }
    return new StatusReport(httpStatus(worst(parts.values()).state()), body);
  }

  int httpStatus() {
    return httpStatus;
  }

  String json() {
    return body.encode();
  }

  private static JsonObject pipelines(Map<String, Map<String, Status>> components) {
    var all = new JsonObject();
    components.forEach((name, parts) ->
        all.put(
            name.equals(EXTENSIONS) ? name : "pipeline:" + name,
            described(worst(parts.values())).put("components", parts(parts))));
    return all;
  }

  private static JsonObject parts(Map<String, Status> statuses) {
    var all = new JsonObject();
    statuses.forEach((name, status) -> all.put(name, described(status)));
    return all;
  }

  private static JsonObject described(Status status) {
    var body =
        new JsonObject()
            .put("healthy", healthy(status.state()))
            .put("status", name(status.state()))
            .put("status_time", status.since().toString());
    return status.reason().isEmpty() ? body : body.put("error", status.reason());
  }

  private static Status worst(Collection<Status> statuses) {
    return statuses.stream()
        .min(Comparator.comparingInt(status -> SEVERITY.indexOf(status.state())))
        .orElse(new Status(State.STARTING, "", Instant.EPOCH));
  }

  private static int httpStatus(State state) {
    return switch (state) {
      case OK, RECOVERABLE_ERROR, PERMANENT_ERROR -> 200;
      case FATAL_ERROR -> 500;
      case STARTING, STOPPING, STOPPED -> 503;
    };
  }

  private static boolean healthy(State state) {
    return httpStatus(state) == 200;
  }

  private static String name(State state) {
    return switch (state) {
      case STARTING -> "StatusStarting";
      case OK -> "StatusOK";
      case RECOVERABLE_ERROR -> "StatusRecoverableError";
      case PERMANENT_ERROR -> "StatusPermanentError";
      case FATAL_ERROR -> "StatusFatalError";
      case STOPPING -> "StatusStopping";
      case STOPPED -> "StatusStopped";
    };
  }
}
