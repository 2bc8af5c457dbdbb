package io.sluice.transport.door;

import io.micrometer.core.instrument.Counter;
import io.sluice.component.ComponentContext;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/// The connections of one server: how many there may be, and why some were ended. Safe on any thread.
public final class Crowd {
  /// What a connection at rest may cost: buffers, protocol state, headers under way.
  public static final int CONNECTION_BYTES = 32 << 10;

  public static final int CONNECTIONS_MIN = 64;
  public static final int CONNECTIONS_MAX = 16_384;

  /// Who connects has to say something by then.
  public static final Duration FIRST_BYTES_MAX = Duration.ofMinutes(1);

  private final int connectionsMax;
  private final Duration firstBytesMax;
  private final ComponentContext context;
  private final String transport;
  private final AtomicInteger connections = new AtomicInteger();

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

  private Crowd(
      int connectionsMax, Duration firstBytesMax, ComponentContext context, String transport) {
    this.connectionsMax = connectionsMax;
    this.firstBytesMax = firstBytesMax;
    this.context = context;
    this.transport = transport;
  }

  /// As many as would fill the byte budget, were they data.
  public static Crowd of(ComponentContext context, String transport) {
    long fitting = context.budget().bytesMax() / CONNECTION_BYTES;
    int max = Math.clamp(fitting, CONNECTIONS_MIN, CONNECTIONS_MAX);
    return new Crowd(max, FIRST_BYTES_MAX, context, transport);
  }

  Duration firstBytesMax() {
    return firstBytesMax;
  }

  /// Whether one more may come in. If so, [#leave] is due when it has gone.
  boolean enter() {
    if (connections.incrementAndGet() <= connectionsMax) {
      return true;
    }
    connections.decrementAndGet();
    ended(End.CROWDED);
    return false;
  }

  void leave() {
    connections.decrementAndGet();
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
