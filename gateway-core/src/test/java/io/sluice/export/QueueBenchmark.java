package io.sluice.export;

import com.sun.management.OperatingSystemMXBean;
import io.sluice.component.Budget;
import io.sluice.component.Loop;
import io.sluice.component.QueueConfig;
import io.sluice.data.Batch;
import io.sluice.data.Origin;
import io.sluice.data.Signal;
import io.sluice.disk.Counts;
import io.sluice.disk.DiskFiles;
import io.sluice.disk.Frames;
import io.sluice.disk.Limits;
import io.sluice.disk.LogMeter;
import io.sluice.disk.Loss;
import io.sluice.disk.SegmentLog;
import io.sluice.disk.Store;
import io.sluice.pipeline.Outcome;
import io.sluice.service.ByteBudget;
import io.sluice.telemetry.Log;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// The disk queue alone, from append to answer and from disk to settled, beside what the disk does: for a
/// look at what a change did. `main` with a folder on the disk to measure.
public final class QueueBenchmark {
  private static final int SMALL = 18_000;
  private static final int LARGE = 600_000;
  private static final int SENDERS = 8;
  private static final long TOTAL = 1L << 30;
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private QueueBenchmark() {}

  /// One thread.
  private static final class OneLoop implements Loop {
    final ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

    @Override
    public Family family() {
      return Family.GRPC;
    }

    @Override
    public void execute(Runnable task) {
      thread.execute(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      var timer = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> timer.cancel(false);
    }

    @Override
    public boolean inLoop() {
      return false;
    }

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }
  }

  private static final class Sink implements DiskQueue.Meter {
    final AtomicLong settled = new AtomicLong();

    @Override
    public void stored(Batch batch) {}

    @Override
    public void overflowed(Batch batch, String reason) {
      throw new IllegalStateException(reason);
    }

    @Override
    public void settled(Batch batch) {
      settled.addAndGet(batch.sizeInBytes());
    }

    @Override
    public void again(Batch batch) {}

    @Override
    public void deadLettered(Batch batch) {}

    @Override
    public void lost(Loss loss, Counts counts) {
      throw new IllegalStateException(loss.toString());
    }

    @Override
    public void found(Counts counts) {}
  }

  /// One life of the queue.
  private static final class Life {
    final OneLoop loop = new OneLoop();
    final Sink sink = new Sink();
    final Store store;
    final DiskQueue queue;

    Life(Path folder, boolean drains) {
      var limits = Limits.of(0, Duration.ZERO, false);
      var around =
          new SegmentLog.Surroundings(
              Frames.NONE,
              InstantSource.system(),
              System::nanoTime,
              new SplittableRandom(1),
              LogMeter.NONE,
              Log.NONE);
      store = new Store("bench", DiskFiles.in(folder), limits, limits, around);
      Budget budget = new ByteBudget(256L << 20);
      var place =
          new DiskQueue.Place(
              store.queue("a"),
              new DeadLetters(store.deadLetters("a"), loop, (_, _) -> {}, Log.NONE),
              store.readers(),
              loop,
              budget);
      var workers =
          new Workers(
              drains ? 10 : 1,
              _ -> drains ? Outcome.accepted() : io.vertx.core.Promise.<Outcome>promise().future(),
              () -> {});
      var config =
          new QueueConfig(
              Optional.empty(),
              Integer.MAX_VALUE,
              10,
              false,
              false,
              Optional.empty(),
              Optional.empty());
      queue = new DiskQueue(config, place, workers, sink);
      queue.begin();
      store.open(Duration.ofSeconds(1)).toCompletionStage().toCompletableFuture().join();
    }

    void end() {
      loop.execute(queue::stop);
      store.close().toCompletionStage().toCompletableFuture().join();
      loop.thread.shutdown();
    }
  }

  private static Batch batch(int size) {
    var bytes = new byte[size];
    new SplittableRandom(size).nextBytes(bytes);
    return new Batch(
        Signal.TRACES,
        Rope.of(Bytes.wrap(bytes)),
        size / 450,
        Origin.UNKNOWN,
        io.sluice.data.Lease.NONE,
        null);
  }

  /// So many senders, each with its next batch when it has its answer.
  private static void in(Life life, int size, long total, int senders) throws Exception {
    var batch = batch(size);
    int each = (int) (total / size / senders);
    var nanos = new long[each * senders];
    var done = new CountDownLatch(senders);
    long cpu = PROCESS.getProcessCpuTime();
    long start = System.nanoTime();
    for (int i = 0; i < senders; i++) {
      int from = i * each;
      life.loop.execute(() -> send(life, batch, nanos, from, from + each, done));
    }
    done.await();
    report(size + " B in, " + senders + " senders", nanos, size, start, cpu);
  }

  private static void send(
      Life life, Batch batch, long[] nanos, int next, int end, CountDownLatch done) {
    if (next == end) {
      done.countDown();
      return;
    }
    long start = System.nanoTime();
    life.queue
        .accept(batch)
        .onComplete(result -> {
          if (!(result.result() instanceof Outcome.Accepted)) {
            throw new IllegalStateException(String.valueOf(result));
          }
          nanos[next] = System.nanoTime() - start;
          send(life, batch, nanos, next + 1, end, done);
        });
  }

  /// The same on the bare disk, in a file that has its room already.
  private static void raw(Path folder, int size, long total) throws IOException {
    var file = folder.resolve("raw");
    int times = (int) (total / size);
    var bytes = ByteBuffer.allocateDirect(size);
    try (var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      for (long at = 0; at < total; at += size) {
        channel.write(bytes.rewind(), at);
      }
      channel.force(true);
      var nanos = new long[times];
      long cpu = PROCESS.getProcessCpuTime();
      long start = System.nanoTime();
      for (int i = 0; i < times; i++) {
        long before = System.nanoTime();
        channel.write(bytes.rewind(), (long) i * size);
        channel.force(false);
        nanos[i] = System.nanoTime() - before;
      }
      report(size + " B raw", nanos, size, start, cpu);
    }
    Files.delete(file);
  }

  private static void report(String what, long[] nanos, int size, long start, long cpu) {
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = (PROCESS.getProcessCpuTime() - cpu) / 1e9;
    double total = (double) nanos.length * size;
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%-28s %8.1f MB/s %7.0f/s  p50 %6.2f ms  p99 %6.2f ms  max %6.1f ms  %5.2f CPU s/GB%n",
        what,
        total / seconds / 1e6,
        nanos.length / seconds,
        nanos[nanos.length / 2] / 1e6,
        nanos[(int) (nanos.length * 0.99)] / 1e6,
        nanos[nanos.length - 1] / 1e6,
        cpuSeconds / (total / 1e9));
  }

  private static void out(Path folder, long total, int size) throws Exception {
    long cpu = PROCESS.getProcessCpuTime();
    long start = System.nanoTime();
    var life = new Life(folder, true);
    while (life.sink.settled.get() < total) {
      Thread.sleep(1);
    }
    report("cold drain of " + size + " B", new long[(int) (total / size)], size, start, cpu);
    life.end();
  }

  /// @param args a folder that is made and removed
  public static void main(String[] args) throws Exception {
    var folder = Path.of(args[0]);
    Files.createDirectories(folder);
    for (int i = 0; i < 2; i++) {
      for (int size : new int[] {SMALL, LARGE}) {
        raw(folder, size, TOTAL * size / LARGE);
        long total = (size == SMALL ? TOTAL / 8 : TOTAL) / size / SENDERS * SENDERS * size;
        var stored = folder.resolve("queue");
        var life = new Life(stored, false);
        in(life, size, total, SENDERS);
        life.end();
        out(stored, total, size);
        try (var files = Files.walk(stored)) {
          files.sorted(java.util.Comparator.reverseOrder()).forEach(each -> each.toFile().delete());
        }
      }
    }
    Files.delete(folder);
    System.exit(0);
  }
}
