package io.sluice.data;

import io.sluice.wire.Rope;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Cuts a batch into smaller ones at item borders, repeating the resource and scope (and, inside a
/// metric, all that describes the metric) around each cut, and joins batches to larger ones. Items
/// keep their order; nothing is lost or repeated.
///
/// Profiles are never cut: their dictionary is shared by all samples.
public final class Split {
  private Split() {}

  /// Batches of at most `itemsMax` items.
  public static List<Batch> byItems(Batch batch, int itemsMax) {
    if (itemsMax < 1) {
      throw new IllegalArgumentException("itemsMax: " + itemsMax + " (expected: more than 0)");
    }
    if (batch.items() <= itemsMax || batch.signal() == Signal.PROFILES) {
      return List.of(batch);
    }
    return new Cutter(batch, itemsMax, Integer.MAX_VALUE).cut();
  }

  /// Batches of at most `bytesMax` bytes; an item that is larger alone stands alone.
  public static List<Batch> byBytes(Batch batch, int bytesMax) {
    if (bytesMax < 1) {
      throw new IllegalArgumentException("bytesMax: " + bytesMax + " (expected: more than 0)");
    }
    if (batch.sizeInBytes() <= bytesMax || batch.signal() == Signal.PROFILES) {
      return List.of(batch);
    }
    return new Cutter(batch, Integer.MAX_VALUE, bytesMax).cut();
  }

  /// A batch of some items alone, with the resource, scope and metric around each. It shares no bytes with
  /// the one they come from.
  ///
  /// @param items their numbers, in the order of the batch
  public static Batch picked(Batch batch, BitSet items) {
    return batch.signal() == Signal.PROFILES ? batch : new Picker(batch.signal(), items).of(batch);
  }

  /// One batch with the items of all, by placing rope behind rope. They must be of one signal, and not
  /// profiles, whose dictionary is shared. Origin and lease are those of the first.
  public static Batch join(List<Batch> batches) {
    var first = batches.getFirst();
    if (batches.size() == 1) {
      return first;
    }
    var ropes = new ArrayList<Rope>(batches.size());
    int items = 0;
    for (var batch : batches) {
      if (batch.signal() != first.signal() || batch.signal() == Signal.PROFILES) {
        throw new IllegalArgumentException(
            "cannot join " + first.signal() + " with " + batch.signal());
      }
      ropes.add(batch.otlp());
      items = Math.addExact(items, batch.items());
    }
    return first.with(Rope.join(ropes), items);
  }
}
