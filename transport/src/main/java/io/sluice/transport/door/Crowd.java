package io.sluice.transport.door;

import io.micrometer.core.instrument.Counter;
import io.sluice.component.ComponentContext;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;

/// The connections of one server: how many there may be, and why some were ended. Safe on any thread.
public final class Crowd {
  /// Every listener has room for so many, whatever others have.
  public static final int CONNECTIONS_SURE = 64;

  /// Who connects has to say something by then.
  public static final Duration FIRST_BYTES_MAX = Duration.ofMinutes(1);

  private final Duration firstBytesMax;
  private final ComponentContext context;
  private final String transport;
  private final Semaphore shared;
  private int connections;

  /// Why a connection was ended; a label of a metric.
  enum End {
    /// There were too many.
    CROWDED,
    /// It said nothing.
    SILENT,
    /// By the protocol: an error, a flood, idleness, age.
    ENDED;

    private final String label = name().toLowerCase(Locale.ROOT);
  }

  private Crowd(Duration firstBytesMax, ComponentContext context, String transport) {
    this.firstBytesMax = firstBytesMax;
    this.context = context;
    this.transport = transport;
    shared = context.budget().connections();
  }

  public static Crowd of(ComponentContext context, String transport) {
    return new Crowd(FIRST_BYTES_MAX, context, transport);
  }

  Duration firstBytesMax() {
    return firstBytesMax;
  }

  /// Whether one more may come in. If so, [#leave] is due when it has gone.
  boolean enter() {
    if (takePlace()) {
      return true;
    }
    ended(End.CROWDED);
    return false;
  }

  private synchronized boolean takePlace() {
    boolean placed = connections < CONNECTIONS_SURE || shared.tryAcquire();
    if (placed) {
      connections++;
    }
    return placed;
  }

  synchronized void leave() {
    connections--;
    if (connections >= CONNECTIONS_SURE) {
      shared.release();
    }
  }

  void ended(End why) {
    counter(why).increment();
  }

  private Counter counter(End why) {
    return context
        .telemetry()
        .counter(
            "sluice_listener_ended_connections",
            "Connections that a listener ended by itself, by reason.",
            "component",
            context.id().toString(),
            "transport",
            transport,
            "reason",
            why.label);
  }
}
