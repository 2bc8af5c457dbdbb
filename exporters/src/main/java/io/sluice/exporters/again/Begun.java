package io.sluice.exporters.again;

import io.sluice.wire.Rope;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// What has come of batches that may be sent again, known by their bytes' identity: a retry sends the very
/// same. Confined to one thread.
///
/// @param <P> what is known of one
public final class Begun<P> {
  /// More at a time would be unusual; the oldest is then sent whole again.
  public static final int KEPT_MAX = 64;

  private final Deque<Entry<P>> kept = new ArrayDeque<>();

  private record Entry<P>(WeakReference<Rope> batch, P progress) {}

  /// Takes it out.
  public Optional<P> take(Rope batch) {
    for (var each : kept) {
      if (each.batch.refersTo(batch)) {
        kept.remove(each);
        return Optional.of(each.progress);
      }
    }
    return Optional.empty();
  }

  public void keep(Rope batch, P progress) {
    kept.removeIf(each -> each.batch.refersTo(null));
    if (kept.size() >= KEPT_MAX) {
      kept.removeFirst();
    }
    kept.addLast(new Entry<>(new WeakReference<>(batch), progress));
  }
}
