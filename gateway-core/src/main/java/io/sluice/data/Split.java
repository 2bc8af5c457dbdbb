package io.sluice.data;

import java.util.List;

/// Cuts a batch into smaller ones at item borders, repeating the resource and scope around each cut,
/// and joins batches to larger ones. Items keep their order; nothing is lost or repeated.
public final class Split {
  private Split() {}

  /// Batches of at most `itemsMax` items.
  @SuppressWarnings("DoNotCallSuggester") // stub
  public static List<Batch> byItems(Batch batch, int itemsMax) {
    throw new UnsupportedOperationException(batch + " " + itemsMax);
  }

  /// Batches of at most `bytesMax` bytes; an item that is larger alone stands alone.
  @SuppressWarnings("DoNotCallSuggester") // stub
  public static List<Batch> byBytes(Batch batch, int bytesMax) {
    throw new UnsupportedOperationException(batch + " " + bytesMax);
  }

  /// One batch with the items of all, by placing rope behind rope. They must be of one signal, and not
  /// profiles, whose dictionary is shared. Origin and lease are those of the first.
  @SuppressWarnings("DoNotCallSuggester") // stub
  public static Batch join(List<Batch> batches) {
    throw new UnsupportedOperationException("not yet: " + batches);
  }
}
