package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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

  /// One batch for each group of resources, in the order in which groups first come; the batch itself if
  /// there is but one. Nothing is copied. Not for profiles, whose dictionary is shared.
  ///
  /// @param groupOf by the Resource message
  public static <G> Map<G, Batch> byResource(Batch batch, Function<Bytes, G> groupOf) {
    if (batch.signal() == Signal.PROFILES) {
      throw new IllegalArgumentException("profiles cannot be grouped");
    }
    return new Grouping<>(batch, groupOf).group();
  }

  /// The items with these numbers, counted from 0 in the order of the wire, in a batch of their own. Not for
  /// profiles.
  public static Batch only(Batch batch, BitSet items) {
    if (batch.signal() == Signal.PROFILES) {
      throw new IllegalArgumentException("profiles are not cut");
    }
    return new Picker(batch, items).pick();
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
