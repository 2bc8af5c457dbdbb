package io.sluice.exporters.progress;

import io.sluice.data.Batch;
import io.sluice.wire.Rope;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The batches that may come again, each with what has come of it so far. Confined to one thread.
///
/// @param <P> what has come of a batch; it must not keep the batch itself
public final class Unfinished<P> {
  /// More at a time would be unusual; the oldest is then sent whole again.
  static final int KEPT_MAX = 64;

  private final Deque<Kept<P>> kept = new ArrayDeque<>();

  private record Kept<P>(WeakReference<Rope> batch, P progress) {}

  /// Takes out what is known of a batch; null if it is new.
  public @Nullable P take(Batch batch) {
    forget();
    for (var each : kept) {
      if (each.batch.refersTo(batch.otlp())) {
        kept.remove(each);
        return each.progress;
      }
    }
    return null;
  }

  /// Remembers it until the batch comes again, or is gone.
  public void keep(Batch batch, P progress) {
    forget();
    if (kept.size() >= KEPT_MAX) {
      kept.removeFirst();
    }
    kept.addLast(new Kept<>(new WeakReference<>(batch.otlp()), progress));
  }

  private void forget() {
    kept.removeIf(each -> each.batch.refersTo(null));
  }
}
