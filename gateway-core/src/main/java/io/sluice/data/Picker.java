package io.sluice.data;

import io.sluice.wire.Rope;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.util.BitSet;

/// Copies some items of a batch and the messages around them for [Split]. Messages that would be empty are
/// left out.
final class Picker {
  private final Levels levels;
  private final BitSet wanted;
  private final WireWriter out = new WireWriter();
  private int item;
  private int picked;

  Picker(Signal signal, BitSet wanted) {
    levels = Levels.of(signal);
    this.wanted = wanted;
  }

  Batch of(Batch batch) {
    for (var part : batch.otlp().parts()) {
      copy(new WireReader().over(part), 0);
    }
    return batch.with(Rope.of(out.take()), picked).with(Lease.NONE);
  }

  private void copy(WireReader message, int depth) {
    while (message.next()) {
      if (!levels.leadsDown(depth, message.field())) {
        if (depth > 0) {
          out.raw(message.wholeField());
        }
      } else if (depth + 1 == levels.items()) {
        if (wanted.get(item++)) {
          out.raw(message.wholeField());
          picked++;
        }
      } else {
        descend(message, depth + 1);
      }
    }
  }

  private void descend(WireReader child, int depth) {
    int end = item + count(child, depth);
    int first = wanted.nextSetBit(item);
    if (first < 0 || first >= end) {
      item = end;
      return;
    }
    int opened = out.open(child.field());
    copy(child.into(new WireReader()), depth);
    out.close(opened);
  }

  private int count(WireReader message, int depth) {
    if (depth == levels.items()) {
      return 1;
    }
    int count = 0;
    var inner = message.into(new WireReader());
    while (inner.next()) {
      if (levels.leadsDown(depth, inner.field())) {
        count += count(inner, depth + 1);
      }
    }
    return count;
  }
}
