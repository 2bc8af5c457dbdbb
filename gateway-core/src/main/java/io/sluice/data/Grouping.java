package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.sluice.wire.WireReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Deals out the resources of a batch to groups, as slices, for [Split#byResource].
final class Grouping<G> {
  private final Batch batch;
  private final Function<Bytes, G> groupOf;
  private final Map<G, Group> groups = new LinkedHashMap<>();
  private final Fields fields = new Fields();
  private final Tally tally;

  /// What of the batch is in one group. Neighbours in one array are one part.
  private static final class Group {
    final List<Bytes> parts = new ArrayList<>();
    int items;

    /// In which part of the batch the last of [#parts] lies.
    int within = -1;

    void add(Bytes field, int part, int more) {
      items += more;
      var last = parts.isEmpty() ? Bytes.EMPTY : parts.getLast();
      int end = last.offset() + last.length();
      if (within == part && end == field.offset()) {
        parts.removeLast();
        parts.add(Bytes.wrap(last.sharedArray(), last.offset(), end + field.length()));
      } else {
        parts.add(field);
      }
      within = part;
    }
  }

  Grouping(Batch batch, Function<Bytes, G> groupOf) {
    this.batch = batch;
    this.groupOf = groupOf;
    tally = new Tally(Levels.of(batch.signal()));
  }

  Map<G, Batch> group() {
    var top = new WireReader();
    var parts = batch.otlp().parts();
    for (int part = 0; part < parts.size(); part++) {
      top.over(parts.get(part));
      while (top.next()) {
        if (top.is(1, WireReader.LENGTH_DELIMITED)) {
          var group = groupOf.apply(fields.over(top.bytes()).message(1));
          groups
              .computeIfAbsent(group, _ -> new Group())
              .add(top.wholeField(), part, tally.items(top, 1));
        }
      }
    }
    var batches = new LinkedHashMap<G, Batch>();
    groups.forEach((group, dealt) ->
        batches.put(
            group, groups.size() == 1 ? batch : batch.with(Rope.of(dealt.parts), dealt.items)));
    return batches;
  }
}
