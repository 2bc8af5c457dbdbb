package io.sluice.disk;

import io.sluice.data.Lease;
import io.sluice.wire.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A directory with the log of what waits and, in a folder of it, the log of what was given up; the
/// thread that writes both, and those that read. Safe on any thread.
public final class Store {
  /// The folder of the dead letters.
  public static final String DEAD_LETTERS = "dead-letters";

  /// One may be taking room for a segment.
  private static final int READERS_MAX = 5;

  private static final long READER_IDLE_S = 10;

  private static final long LOCKED_AGAIN_NANOS = 50_000_000;

  /// The thread that marks may be dead, or the store closed.
  private static final long MARKED_MAX_S = 5;

  private final Files files;

  /// Confined to the log's thread.
  private final Map<String, Bytes> notes = new HashMap<>();

  private final SegmentLog queues;
  private final SegmentLog letters;
  private final LogThread thread;
  private final ThreadPoolExecutor readers;
  private final LongSupplier nanoTime;
  private final Promise<Void> closed = Promise.promise();

  /// Touches nothing yet.
  ///
  /// @param name of its threads
  public Store(
      String name,
      Files files,
      Limits limits,
      Limits lettersLimits,
      SegmentLog.Surroundings surroundings) {
    var log = surroundings.log();
    this.files = files;
    nanoTime = surroundings.nanoTime();
    readers = readers(name);
    queues = new SegmentLog(files, limits, surroundings, this::wake, readers);
    letters =
        new SegmentLog(
            files.folder(DEAD_LETTERS), lettersLimits, surroundings, this::wake, readers);
    thread = new LogThread("storage-" + name, List.of(queues, letters), log);
  }

  private static ThreadPoolExecutor readers(String name) {
    var count = new AtomicInteger();
    var pool =
        new ThreadPoolExecutor(
            READERS_MAX,
            READERS_MAX,
            READER_IDLE_S,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task ->
                Thread.ofPlatform()
                    .daemon()
                    .name("storage-" + name + "-read-" + count.incrementAndGet())
                    .unstarted(task),
            new ThreadPoolExecutor.DiscardPolicy()); // when it is closed there is nothing to read
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private void wake() {
    thread.wake();
  }

  /// What waits for a destination; may be asked for before the store is open.
  public Destination queue(String name) {
    return queues.destination(name);
  }

  /// What a destination would not have.
  public Destination deadLetters(String name) {
    return letters.destination(name);
  }

  /// Where to read: it blocks.
  public Executor readers() {
    return readers;
  }

  /// To be called once.
  ///
  /// @param patience how long to wait for another process to let go of the directory
  /// @return what is stored for destinations that nobody asked for
  public Future<Map<String, Counts>> open(Duration patience) {
    thread.start();
    return ask(() -> openBoth(nanoTime.getAsLong() + patience.toNanos()));
  }

  /// Each question has an answer, also behind [#close].
  private <T extends @Nullable Object> Future<T> ask(Callable<T> question) {
    Promise<T> answer = Promise.promise();
    boolean asked =
        thread.execute(() -> {
          try {
            answer.complete(question.call());
          } catch (Exception e) {
            answer.fail(e);
          }
        });
    return asked ? answer.future() : Future.failedFuture(new IOException("the storage is closed"));
  }

  /// What keeps a store from being opened, for people.
  public static final class CannotOpenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotOpenException(String message) {
      super(message);
    }
  }

  private Map<String, Counts> openBoth(long deadline) {
    var opened = queues.open();
    while (opened instanceof Opened.InUse && nanoTime.getAsLong() - deadline < 0) {
      LockSupport.parkNanos(LOCKED_AGAIN_NANOS);
      opened = queues.open();
    }
    var unwanted = opened(opened);
    var both = letters.open();
    while (both instanceof Opened.InUse && nanoTime.getAsLong() - deadline < 0) {
      LockSupport.parkNanos(LOCKED_AGAIN_NANOS); // who leaves closes them one after the other
      both = letters.open();
    }
    opened(both);
    return unwanted;
  }

  private static Map<String, Counts> opened(Opened opened) {
    return switch (opened) {
      case Opened.Ready(var unwanted) -> unwanted;
      case Opened.InUse(var reason) -> throw new CannotOpenException(reason);
      case Opened.Newer(var reason) -> throw new CannotOpenException(reason);
      case Opened.Failed(var reason) -> throw new CannotOpenException(reason);
    };
  }

  /// What there is, by name.
  public List<Stock> stock() {
    var all = new TreeMap<String, Stock>();
    for (var queue : queues.destinations()) {
      all.put(queue.name(), stock(queue.name(), queue, null));
    }
    for (var letter : letters.destinations()) {
      all.put(
          letter.name(), stock(letter.name(), queues.known(letter.name()).orElse(null), letter));
    }
    return List.copyOf(all.values());
  }

  private static Stock stock(
      String name, @Nullable Destination queue, @Nullable Destination letter) {
    return new Stock(
        name,
        queue == null ? Counts.NONE : queue.unsettled(),
        queue == null ? 0 : queue.oldestMs(),
        letter == null ? Counts.NONE : letter.unsettled(),
        letter == null ? 0 : letter.oldestMs(),
        queue != null && queue.inlet().isPresent());
  }

  /// Looks at what waits for a destination, or at its dead letters.
  public Optional<Browse> browse(String name, boolean deadLetters, Selection selection) {
    return log(deadLetters).known(name).map(destination -> destination.browse(selection));
  }

  private SegmentLog log(boolean deadLetters) {
    return deadLetters ? letters : queues;
  }

  /// Gives up what is selected. Returns when that is on stable storage, or says that it is not: because the
  /// disk fails, or takes too long. Blocks on the disk.
  public Dropped giveUp(String name, boolean deadLetters, Selection selection) throws IOException {
    var log = log(deadLetters);
    var destination = log.known(name);
    if (destination.isEmpty()) {
      return Dropped.NOTHING;
    }
    var dropped = log.giveUp(destination.get(), selection);
    return dropped.durable(dropped.counts().records() == 0 || marked(log));
  }

  /// Puts dead letters of one destination into the queue of another, or its own. They are on stable storage there
  /// when it returns, and it says whether that they are dead letters no more is too. Blocks on the disk.
  ///
  /// @param room a lease on so many bytes, or null if there is no room for them now
  public Replayed replay(
      String from, String to, Selection selection, LongFunction<@Nullable Lease> room)
      throws IOException {
    var letter = letters.known(from);
    if (letter.isEmpty()) {
      return Replayed.NOTHING;
    }
    var replayed = new Replay(letter.get(), queues.destination(to), room).run(selection);
    return replayed.durable(replayed.counts().records() == 0 || marked(letters));
  }

  private boolean marked(SegmentLog log) {
    return ask(log::mark)
        .otherwise(false)
        .toCompletionStage()
        .toCompletableFuture()
        .completeOnTimeout(false, MARKED_MAX_S, TimeUnit.SECONDS)
        .join();
  }

  /// Keeps a small file beside the queues for as long as the store is open, readable by their owner alone.
  /// Fails after [#close].
  public Future<Void> note(String name, Bytes content) {
    return noted(() -> {
      notes.put(name, content);
      Note.write(files, name, content);
    });
  }

  /// Takes a note away again, if nobody has replaced it.
  public Future<Void> eraseNote(String name, Bytes content) {
    return noted(() -> {
      if (notes.remove(name, content)) {
        files.delete(name);
      }
    });
  }

  /// How to reach destinations, as far as it is kept.
  public Future<List<KeptConfig>> kept() {
    return ask(() -> {
      try {
        return KeptConfig.in(files);
      } catch (NoSuchFileException _) {
        return List.of();
      }
    });
  }

  /// Keeps how to reach a destination, until it is to be forgotten.
  public Future<Void> keep(KeptConfig config) {
    return noted(() -> {
      var folder = files.folder(KeptConfig.FOLDER);
      folder.make();
      Note.write(folder, config.file(), Bytes.utf8(config.text()));
      files.forceDirectory();
    });
  }

  public Future<Void> forget(KeptConfig config) {
    return noted(() -> {
      var folder = files.folder(KeptConfig.FOLDER);
      folder.make();
      folder.delete(config.file());
      folder.forceDirectory();
    });
  }

  private interface Writing {
    void run() throws IOException;
  }

  private Future<Void> noted(Writing writing) {
    return ask(() -> {
      writing.run();
      return null;
    });
  }

  /// Gives up all that waits for a destination.
  ///
  /// @return whether that is on stable storage; if not, it may be there again after a crash
  public Future<Boolean> drop(String name) {
    return ask(() -> queues.drop(name));
  }

  /// What is not settled is there at the next start. Only of a store that was to be opened.
  public Future<Void> close() {
    thread.end(() -> {
      notes.keySet().forEach(this::erase);
      queues.close();
      letters.close();
      closed.complete();
    });
    readers.shutdown();
    return closed.future();
  }

  private void erase(String note) {
    try {
      files.delete(note);
    } catch (
        IOException _) { // it says something that is not so any more; whoever reads it finds out
    }
  }

  /// Of the queues' segments.
  public long bytes() {
    return queues.bytes();
  }

  /// Of the dead letters' segments.
  public long deadLettersBytes() {
    return letters.bytes();
  }

  /// What may still be written on this disk; -1 if the disk does not say.
  public long freeBytes() {
    return queues.freeBytes();
  }

  /// Empty if batches are taken, else why not.
  public String blocked() {
    return queues.blocked().isEmpty() && !letters.blocked().isEmpty()
        ? "dead letters: " + letters.blocked()
        : queues.blocked();
  }
}
