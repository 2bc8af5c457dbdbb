package io.sluice.service;

import io.sluice.component.Health;
import io.sluice.component.Status;
import io.sluice.component.Status.State;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// The state of every component, by pipeline. Written by components on their loops, read by extensions
/// on any thread.
final class StatusBoard implements Health {
  static final String EXTENSIONS = "extensions";

  private final InstantSource clock;
  private final Instant startedAt;
  private final Map<String, Map<String, Status>> pipelines = new ConcurrentHashMap<>();
  private volatile Instant readySince = Instant.EPOCH;
  private volatile boolean ready;

  StatusBoard(InstantSource clock) {
    this.clock = clock;
    startedAt = clock.instant();
  }

  /// A reporter for one component, which may stand in several pipelines.
  Status.Reporter reporter(List<String> under, String component) {
    return new Entry(under, component);
  }

  private final class Entry implements Status.Reporter {
    private final List<String> under;
    private final String component;
    private volatile Status last = new Status(State.STARTING, "", clock.instant());

    Entry(List<String> under, String component) {
      this.under = under;
      this.component = component;
      publish();
    }

    @Override
    public void report(State state, String reason) {
      var now = last;
      if (now.state() != state || !now.reason().equals(reason)) {
        last = new Status(state, reason, clock.instant());
        publish();
      }
    }

    private void publish() {
      for (var pipeline : under) {
        pipelines.computeIfAbsent(pipeline, _ -> new ConcurrentHashMap<>()).put(component, last);
      }
    }
  }

  /// Forgets what the plan no longer has.
  void keepOnly(Map<String, ? extends java.util.Set<String>> present) {
    pipelines.keySet().retainAll(present.keySet());
    present.forEach((pipeline, components) ->
        pipelines
            .computeIfAbsent(pipeline, _ -> new ConcurrentHashMap<>())
            .keySet()
            .retainAll(components));
  }

  void ready(boolean now) {
    if (now && !ready) {
      readySince = clock.instant();
    }
    ready = now;
  }

  @Override
  public boolean ready() {
    return ready;
  }

  @Override
  public Instant startedAt() {
    return startedAt;
  }

  @Override
  public Instant readySince() {
    return readySince;
  }

  @Override
  public Map<String, Map<String, Status>> components() {
    var copy = new TreeMap<String, Map<String, Status>>();
    pipelines.forEach((pipeline, components) -> copy.put(pipeline, new TreeMap<>(components)));
    return copy;
  }
}
