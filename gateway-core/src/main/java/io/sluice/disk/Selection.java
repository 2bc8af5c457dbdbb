package io.sluice.disk;

import java.util.Set;

/// Which stored batches of one destination are meant.
///
/// @param after only those with a higher sequence; -1 for all
/// @param ids only those with one of these sequences; empty for all
/// @param sinceMs only those stored then or later; milliseconds since 1970
/// @param untilMs only those stored before
/// @param limit at most so many
public record Selection(long after, Set<Long> ids, long sinceMs, long untilMs, int limit) {
  public static final Selection ALL =
      new Selection(-1, Set.of(), 0, Long.MAX_VALUE, Integer.MAX_VALUE);

  public Selection {
    ids = Set.copyOf(ids);
  }

  boolean has(RecordHeader header) {
    return header.sequence() > after
        && (ids.isEmpty() || ids.contains(header.sequence()))
        && header.storedAtMs() >= sinceMs
        && header.storedAtMs() < untilMs;
  }
}
