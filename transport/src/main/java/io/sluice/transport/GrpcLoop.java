package io.sluice.transport;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.sluice.component.Loop;
import io.sluice.transport.door.GrpcDoors;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// One event loop of gRPC's Netty. Servers and channels registered on it call their listeners on its
/// thread, so a batch that comes and goes by gRPC never changes threads.
public record GrpcLoop(EventLoop eventLoop, GrpcDoors doors) implements Loop {
  @Override
  public Family family() {
    return Family.GRPC;
  }

  @Override
  public void execute(Runnable task) {
    eventLoop.execute(task);
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    var scheduled = eventLoop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  @Override
  public boolean inLoop() {
    return eventLoop.inEventLoop();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }
}
