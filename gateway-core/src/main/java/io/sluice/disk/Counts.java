package io.sluice.disk;

/// How much of something: stored batches, items in them, and their size as it counts in memory.
///
/// @param bytes of uncompressed OTLP
public record Counts(long records, long items, long bytes) {
  public static final Counts NONE = new Counts(0, 0, 0);

  Counts plus(Counts more) {
    return new Counts(records + more.records, items + more.items, bytes + more.bytes);
  }

  Counts minus(Counts less) {
    return new Counts(records - less.records, items - less.items, bytes - less.bytes);
  }

  static Counts of(RecordHeader header) {
    return new Counts(1, header.items(), header.rawLength());
  }
}
