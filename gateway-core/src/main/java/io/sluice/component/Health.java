package io.sluice.component;

import java.time.Instant;
import java.util.Map;

/// How the whole gateway is; read by extensions that show it. Safe on any thread.
public interface Health {
  /// All pipelines have started and none has begun to stop.
  boolean ready();

  /// When this process began.
  Instant startedAt();

  /// When [#ready] last became true; [Instant#EPOCH] if it never was.
  Instant readySince();

  /// By pipeline id (and `extensions`), then by `kind:id`.
  Map<String, Map<String, Status>> components();
}
