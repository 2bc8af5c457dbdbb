package io.sluice.service;

import io.sluice.component.ComponentId;
import io.sluice.component.Extension;
import io.sluice.component.Health;
import io.sluice.component.Status;
import io.sluice.component.Status.State;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/// The state of every component, by pipeline. Written by components on their loops, read by extensions
/// on any thread.
final class StatusBoard implements Health {
  static final String EXTENSIONS = "extensions";

  private final InstantSource clock;
  private final Instant startedAt;
  private volatile Map<String, Map<String, Entry>> shown = Map.of();
  private volatile Map<ComponentId, Extension> extensions = Map.of();
  private volatile Instant readySince = Instant.EPOCH;
  private volatile boolean ready;

  StatusBoard(InstantSource clock) {
    this.clock = clock;
    startedAt = clock.instant();
  }

  Entry entry() {
    return new Entry(clock);
  }

  /// One component's place on the board. A plan that is being built has entries nobody sees yet.
  static final class Entry implements Status.Reporter {
    private final InstantSource clock;
    private volatile Status last;

    private Entry(InstantSource clock) {
      this.clock = clock;
      last = new Status(State.STARTING, "", clock.instant());
    }

    @Override
    public void report(State state, String reason) {
      var now = last;
      if (now.state() != state || !now.reason().equals(reason)) {
        last = new Status(state, reason, clock.instant());
      }
    }
  }

  /// From now on these are the components, by pipeline.
  void show(Map<String, Map<String, Entry>> entries) {
    shown = entries;
  }

  /// From now on these extensions run.
  void run(Map<ComponentId, Extension> extensions) {
    this.extensions = Map.copyOf(extensions);
  }

  Map<ComponentId, Extension> extensions() {
    return extensions;
  }

  /// @return whether that is a change
  boolean ready(boolean now) {
    boolean changed = now != ready;
    if (now && changed) {
      readySince = clock.instant();
    }
    ready = now;
    return changed;
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
    shown.forEach((pipeline, entries) -> {
      var statuses = new TreeMap<String, Status>();
      entries.forEach((component, entry) -> statuses.put(component, entry.last));
      copy.put(pipeline, statuses);
    });
    return copy;
  }
}
