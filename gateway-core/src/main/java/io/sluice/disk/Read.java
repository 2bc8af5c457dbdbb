package io.sluice.disk;

/// What came of asking for the next stored batch.
public sealed interface Read {
  record Next(Entry entry) implements Read {}

  /// All there is has been read; whoever claimed is told when there is more.
  record Nothing() implements Read {}

  /// There is one, but no room in memory for so many bytes.
  record NoRoom(long bytes) implements Read {}

  /// The disk did not give it; worth trying again.
  record Failed(String reason) implements Read {}
}
