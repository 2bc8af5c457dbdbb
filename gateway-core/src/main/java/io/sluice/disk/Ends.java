package io.sluice.disk;

import io.sluice.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the two ends of a segment's file say of it.
///
/// @param header from wherever it can be had; null if nowhere
/// @param footer null if there is none
/// @param unreadable where blocks begin that the disk does not give
record Ends(@Nullable SegmentHeader header, @Nullable Footer footer, List<Long> unreadable) {
  Ends {
    unreadable = List.copyOf(unreadable);
  }

  /// @param name of the file
  static Ends of(String name, Files.Handle file, long size) throws Recovery.NewerFormat {
    var unreadable = new ArrayList<Long>();
    SegmentHeader own = null;
    for (long at = 0; at < SegmentHeader.BYTES && own == null; at += SegmentHeader.BLOCK_BYTES) {
      var body = body(name, file, SegmentHeader.MAGIC, at, unreadable);
      own = body == null ? null : SegmentHeader.decode(body);
    }
    Footer footer = null;
    if (size >= SegmentHeader.BYTES + Footer.BYTES) {
      var body = body(name, file, Footer.MAGIC, size - Footer.BYTES, unreadable);
      footer = body == null ? null : Footer.decode(body);
    }
    if (footer != null && !belongs(footer.header(), own, name)) {
      footer = null; // of an earlier use of the file
    }
    return new Ends(own == null && footer != null ? footer.header() : own, footer, unreadable);
  }

  /// What a footer says alone is of this segment only if the name says so too.
  private static boolean belongs(SegmentHeader footer, @Nullable SegmentHeader own, String name) {
    return own == null ? Segment.fileOf(footer.first()).equals(name) : footer.salt() == own.salt();
  }

  private static @Nullable Bytes body(
      String name, Files.Handle file, long magic, long at, List<Long> unreadable)
      throws Recovery.NewerFormat {
    return switch (Block.read(magic, file, at, SegmentHeader.BLOCK_BYTES)) {
      case Block.Content.Body(var body) -> body;
      case Block.Content.Newer(var version) -> throw new Recovery.NewerFormat(name, version);
      case Block.Content.Damaged() -> null;
      case Block.Content.Unreadable _ -> {
        unreadable.add(at);
        yield null;
      }
    };
  }
}
