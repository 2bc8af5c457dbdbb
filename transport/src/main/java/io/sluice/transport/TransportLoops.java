package io.sluice.transport;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.sluice.component.Loop;
import io.sluice.component.Loops;
import io.sluice.transport.door.GrpcDoors;
import io.sluice.transport.door.VertxDoors;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.impl.VertxThread;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.VertxThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The event loops of the process. Its creator closes it, from a thread that is none of them, once
/// everything that lives on them has stopped.
///
/// Threads: `sluice-grpc-N`, `sluice-http-N`, and Vert.x's few helpers (`sluice-acceptor-N` and the
/// like), which run no component.
public final class TransportLoops implements Loops, AutoCloseable {
  private static final int CLOSE_SECONDS_MAX = 10;

  private final EventLoopGroup grpc;
  private final VertxInternal vertx;
  private final List<Loop> all;

  private TransportLoops(int grpcLoops, int httpLoops) {
    grpc =
        new MultiThreadIoEventLoopGroup(
            grpcLoops, new DefaultThreadFactory("sluice-grpc", true), ioHandlers());
    var httpDoors = new VertxDoors();
    vertx = vertx(httpLoops, httpDoors);
    httpDoors.openOn(vertx.acceptorEventLoopGroup().next());
    var loops = new ArrayList<Loop>();
    var grpcDoors = new GrpcDoors((EventLoop) grpc.iterator().next());
    grpc.forEach(executor -> loops.add(new GrpcLoop((EventLoop) executor, grpcDoors)));
    for (int i = 0; i < httpLoops; i++) {
      loops.add(new VertxLoop(vertx.createEventLoopContext(), httpDoors));
    }
    all = List.copyOf(loops);
  }

  public static TransportLoops of(int grpcLoops, int httpLoops) {
    return new TransportLoops(grpcLoops, httpLoops);
  }

  /// One of each on one or two processors: measured, a second one costs more than it carries there.
  public static TransportLoops forProcessors(int processors) {
    int each = Math.max(1, processors / 2);
    return of(each, each);
  }

  @Override
  public List<Loop> all() {
    return all;
  }

  @Override
  public void close() {
    var grpcClosed = grpc.shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    try {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .get(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
      grpcClosed.await(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("event loops did not close", e);
    }
  }

  private static IoHandlerFactory ioHandlers() {
    return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
  }

  /// No file cache: nothing is served from the class path. Few workers: only DNS and key files use
  /// them.
  private static VertxInternal vertx(int loops, VertxDoors doors) {
    var options =
        new VertxOptions()
            .setEventLoopPoolSize(loops)
            .setWorkerPoolSize(2)
            .setInternalBlockingPoolSize(2)
            .setUseDaemonThread(true)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false));
    return (VertxInternal)
        VertxBootstrap.create()
            .options(options)
            .transport(doors.transport())
            .threadFactory(new Named())
            .init()
            .vertx();
  }

  /// Vert.x's threads under our name.
  private static final class Named implements VertxThreadFactory {
    @Override
    public VertxThread newVertxThread(
        Runnable target, String name, boolean worker, long execTimeMax, TimeUnit unit) {
      var ours =
          name.replace("vert.x-eventloop-thread-", "sluice-http-")
              .replace("vert.x-", "sluice-")
              .replace("-thread-", "-");
      return VertxThreadFactory.super.newVertxThread(target, ours, worker, execTimeMax, unit);
    }
  }
}
