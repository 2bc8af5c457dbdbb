package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One cut of a batch for [Split].
///
/// What fits as a whole is taken as a whole: top-level fields as slices, deeper ones by copy. What does
/// not is opened: its shell (all but what leads further down) is repeated in each piece, its children
/// are dealt out one by one. Sizes count five bytes for each length that is still open, so a piece is
/// never larger than said.
final class Cutter {
  private final Batch batch;
  private final Levels levels;
  private final int itemsMax;
  private final int bytesMax;
  private final List<Batch> done = new ArrayList<>();
  private final Bytes[] shells = new Bytes[Levels.MAX];
  private final int[] fields = new int[Levels.MAX];
  private final int[] opened = new int[Levels.MAX];
  private final WireReader[] readers = new WireReader[Levels.MAX];
  private final WireReader[] counters = new WireReader[Levels.MAX];
  private final List<Bytes> parts = new ArrayList<>();
  private final WireWriter out = new WireWriter();
  private int partBytes;
  private int items;

  /// Messages open in [#out], the resource being number 1.
  private int openDepth;

  Cutter(Batch batch, int itemsMax, int bytesMax) {
    this.batch = batch;
    this.itemsMax = itemsMax;
    this.bytesMax = bytesMax;
    levels = Levels.of(batch.signal());
    for (int i = 0; i < Levels.MAX; i++) {
      shells[i] = Bytes.EMPTY;
      readers[i] = new WireReader();
      counters[i] = new WireReader();
    }
  }

  List<Batch> cut() {
    for (Bytes part : batch.otlp().parts()) {
      deal(readers[0].over(part), 0);
    }
    flush();
    return done;
  }

  /// Deals out the children in a message of this depth.
  private void deal(WireReader message, int depth) {
    while (message.next()) {
      boolean down = levels.leadsDown(depth, message.field());
      if (!down && depth > 0) {
        continue;
      }
      int count = down ? count(message, depth + 1) : 0;
      boolean item = depth + 1 == levels.items();
      if (fits(count, message, depth)) {
        take(message, depth, count);
      } else if (!item && count > 0) {
        descend(message, depth);
      } else {
        flush();
        take(message, depth, count);
      }
    }
  }

  private void descend(WireReader message, int depth) {
    fields[depth + 1] = message.field();
    shells[depth + 1] = shell(message, depth + 1);
    deal(message.into(readers[depth + 1]), depth + 1);
    close(depth);
  }

  private boolean fits(int count, WireReader child, int depth) {
    if (items + count > itemsMax) {
      return false;
    }
    long size = (long) partBytes + out.size() + child.valueEnd() - child.fieldStart();
    for (int i = openDepth + 1; i <= depth; i++) {
      size += shells[i].length() + 7L;
    }
    return size <= bytesMax;
  }

  private void take(WireReader child, int depth, int count) {
    if (depth == 0) {
      closeBlock();
      parts.add(child.wholeField());
      partBytes += child.valueEnd() - child.fieldStart();
    } else {
      open(depth);
      out.raw(child.wholeField());
    }
    items += count;
  }

  private void open(int depth) {
    while (openDepth < depth) {
      openDepth++;
      opened[openDepth] = out.open(fields[openDepth]);
      out.raw(shells[openDepth]);
    }
  }

  private void close(int depth) {
    while (openDepth > depth) {
      out.close(opened[openDepth]);
      openDepth--;
    }
    if (depth == 0) {
      closeBlock();
    }
  }

  private void closeBlock() {
    if (out.size() > 0) {
      parts.add(out.toBytes());
      partBytes += out.size();
      out.reset();
    }
  }

  private void flush() {
    close(0);
    if (!parts.isEmpty()) {
      done.add(batch.with(Rope.of(parts), items));
      parts.clear();
      partBytes = 0;
      items = 0;
    }
  }

  private Bytes shell(WireReader message, int depth) {
    var fieldsOf = message.into(counters[depth]);
    @Nullable WireWriter shell = null;
    while (fieldsOf.next()) {
      if (!levels.leadsDown(depth, fieldsOf.field())) {
        shell = shell == null ? new WireWriter() : shell;
        shell.raw(fieldsOf.wholeField());
      }
    }
    return shell == null ? Bytes.EMPTY : shell.take();
  }

  /// Items in the child that `outer` stands on.
  private int count(WireReader outer, int depth) {
    if (depth == levels.items()) {
      return 1;
    }
    int count = 0;
    var inner = outer.into(counters[depth]);
    while (inner.next()) {
      if (levels.leadsDown(depth, inner.field())) {
        count += count(inner, depth + 1);
      }
    }
    return count;
  }
}
