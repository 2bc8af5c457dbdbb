package io.sluice.export;

import io.sluice.component.Loop;
import io.sluice.data.Batch;
import io.sluice.data.Lease;
import io.sluice.disk.Appended;
import io.sluice.disk.DeadLetter;
import io.sluice.disk.Destination;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Log;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Keeps what a destination would not have, and its words. Tries until it is on stable storage, for what it
/// came from is settled then. Confined to one loop.
final class DeadLetters {
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final Destination letters;
  private final Loop loop;
  private final BiConsumer<Batch, Outcome> kept;
  private final Log log;
  private boolean closing;

  /// @param kept hears of each that is on stable storage
  DeadLetters(Destination letters, Loop loop, BiConsumer<Batch, Outcome> kept, Log log) {
    this.log = log;
    this.letters = letters;
    this.loop = loop;
    this.kept = kept;
  }

  /// @param outcome why, refused or rejected
  /// @param done is told once whether it is on stable storage; if not, that is because of a stop
  void keep(Batch batch, Outcome outcome, Consumer<Boolean> done) {
    letters.append(
        batch.with(Lease.NONE),
        letter(outcome),
        appended ->
            loop.execute(() -> {
              switch (appended) {
                case Appended.Stored _ -> {
                  kept.accept(batch, outcome);
                  done.accept(true);
                }
                case Appended.Refused(var reason, _) -> again(batch, outcome, reason, done);
                case Appended.TooLarge(var reason) -> again(batch, outcome, reason, done);
              }
            }));
  }

  private void again(Batch batch, Outcome outcome, String reason, Consumer<Boolean> done) {
    if (closing) {
      done.accept(false);
    } else {
      log.warn(
          "A dead letter cannot be kept; its batch holds a consumer until it can",
          "error",
          reason,
          "interval",
          AGAIN.toMillis() + "ms");
      loop.schedule(AGAIN, () -> keep(batch, outcome, done));
    }
  }

  /// What cannot be kept from now on is given back.
  void close() {
    closing = true;
  }

  private DeadLetter letter(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Rejected(var fault, var reason) ->
          new DeadLetter(letters.name(), fault.name(), reason);
      case Outcome.Refused(var pressure, _, var reason, _) ->
          new DeadLetter(letters.name(), pressure.name(), "retries exhausted: " + reason);
      case Outcome.Accepted _, Outcome.Partial _ ->
          throw new IllegalArgumentException("delivered: " + outcome);
    };
  }
}
