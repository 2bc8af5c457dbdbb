package io.sluice.transport;

import io.sluice.component.Loop;
import io.sluice.transport.door.VertxDoors;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// One event-loop context of Vert.x. Servers and clients made on it call back on its thread.
public record VertxLoop(ContextInternal context, VertxDoors doors) implements Loop {
  public Vertx vertx() {
    return context.owner();
  }

  @Override
  public Family family() {
    return Family.HTTP;
  }

  @Override
  public void execute(Runnable task) {
    context.runOnContext(_ -> task.run());
  }

  /// Set on Netty's loop, as Vert.x's own timers count milliseconds and know no zero.
  @Override
  public Timer schedule(Duration delay, Runnable task) {
    var scheduled =
        context
            .nettyEventLoop()
            .schedule(
                () -> context.emit(task, Runnable::run), delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  @Override
  public boolean inLoop() {
    return context.nettyEventLoop().inEventLoop();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }
}
