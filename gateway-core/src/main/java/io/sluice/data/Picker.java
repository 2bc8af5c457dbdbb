package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.util.BitSet;

/// Takes some items out of a batch, with all that is around them, for [Split#only].
final class Picker {
  private final Batch batch;
  private final BitSet wanted;
  private final Levels levels;
  private final Tally tally;
  private final WireReader[] readers = new WireReader[Levels.MAX];
  private final WireWriter out = new WireWriter(1 << 10);

  /// How many have been passed.
  private int passed;

  private int taken;

  Picker(Batch batch, BitSet wanted) {
    this.batch = batch;
    this.wanted = wanted;
    levels = Levels.of(batch.signal());
    tally = new Tally(levels);
    for (int i = 0; i < Levels.MAX; i++) {
      readers[i] = new WireReader();
    }
  }

  Batch pick() {
    for (Bytes part : batch.otlp().parts()) {
      var top = readers[0].over(part);
      while (top.next()) {
        if (levels.leadsDown(0, top.field())) {
          child(top, 1);
        }
      }
    }
    return batch.with(Rope.of(out.take()), taken);
  }

  /// @param depth of the child that `outer` stands on
  private void child(WireReader outer, int depth) {
    int count = tally.items(outer, depth);
    int first = passed;
    int next = wanted.nextSetBit(first);
    if (next < 0 || next >= first + count) {
      passed += count;
    } else if (wanted.nextClearBit(first) >= first + count) {
      out.raw(outer.wholeField());
      passed += count;
      taken += count;
    } else {
      descend(outer, depth);
    }
  }

  private void descend(WireReader outer, int depth) {
    int opened = out.open(outer.field());
    var fields = outer.into(readers[depth]);
    while (fields.next()) {
      if (levels.leadsDown(depth, fields.field())) {
        child(fields, depth + 1);
      } else {
        out.raw(fields.wholeField());
      }
    }
    out.close(opened);
  }
}
