package io.sluice.disk;

import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.data.Signal;
import io.sluice.pipeline.Outcome;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Puts dead letters back into a queue, one after the other. Each is settled as a dead letter after it is
/// on stable storage in the queue, so that a crash in between makes a duplicate and loses nothing.
///
/// Blocks on the disk. Confined to one thread.
final class Replay {
  private static final long ANSWER_MAX_S = 10;

  private final Destination letters;
  private final Destination queue;
  private final LongFunction<@Nullable Lease> room;

  /// @param room a lease on so many bytes, or null if there is no room for them now
  Replay(Destination letters, Destination queue, LongFunction<@Nullable Lease> room) {
    this.letters = letters;
    this.queue = queue;
    this.room = room;
  }

  Replayed run(Selection selection) throws IOException {
    var done = Counts.NONE;
    try (var browse = letters.browse(selection)) {
      for (var head = browse.next(); head != null; head = browse.next()) {
        var refusal = moved(browse, head);
        if (!refusal.isEmpty()) {
          return new Replayed(done, refusal, -1, false);
        }
        done = done.plus(new Counts(1, head.items(), head.bytes()));
      }
      return new Replayed(done, "", browse.resume(), false);
    }
  }

  /// Empty if it has been, else why not.
  private String moved(Browse browse, StoredBatch.Head head) throws IOException {
    if (!fits(queue.name(), head.signal())) {
      return queue.name() + " does not take " + head.signal();
    }
    var lease = room.apply(head.bytes() + head.storedBytes());
    if (lease == null) {
      return "no room in memory for " + head.bytes() + " bytes just now";
    }
    try {
      var stored = browse.read(lease);
      if (stored == null) {
        return "dead letter %d is damaged (%s at %d)"
            .formatted(head.sequence(), head.file(), head.at());
      }
      var refusal = put(stored.batch());
      if (refusal.isEmpty()) {
        browse.giveUp();
      }
      return refusal;
    } finally {
      lease.close();
    }
  }

  private static boolean fits(String queue, Signal signal) {
    return queue.endsWith(":" + signal);
  }

  private String put(Batch batch) {
    var inlet = queue.inlet();
    if (inlet.isPresent()) {
      return switch (answer(inlet.get().apply(batch))) {
        case Outcome.Accepted _, Outcome.Partial _ -> "";
        case Outcome.Refused(_, _, var reason, _) -> reason;
        case Outcome.Rejected(_, var reason) -> reason;
      };
    }
    var appended = new CompletableFuture<Appended>();
    queue.append(batch.with(Lease.NONE), appended::complete);
    return switch (appended.join()) {
      case Appended.Stored _ -> "";
      case Appended.Refused(var reason, _) -> reason;
      case Appended.TooLarge(var reason) -> reason;
    };
  }

  /// A queue that blocks when it is full may not answer for long; what it takes later is a duplicate.
  private static Outcome answer(Future<Outcome> outcome) {
    return outcome
        .toCompletionStage()
        .toCompletableFuture()
        .completeOnTimeout(
            new Outcome.Refused(
                Outcome.Pressure.UNAVAILABLE, Duration.ZERO, "the queue has no room: no answer"),
            ANSWER_MAX_S,
            TimeUnit.SECONDS)
        .join();
  }
}
