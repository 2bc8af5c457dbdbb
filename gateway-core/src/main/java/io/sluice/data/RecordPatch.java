package io.sluice.data;

import io.sluice.wire.ArrayPool;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Edits the attributes of spans, log records and data points, or of resources, on the wire: cut and
/// join. Only the lengths of enclosing messages are written anew. An edited batch stands in one array of
/// its own, so that what was received may go; a batch in which nothing changed is returned itself.
///
/// Confined to one thread; reused. Expects validated bytes.
public final class RecordPatch {
  private static final ArrayPool NOT_KEPT = ArrayPool.none();
  private static final Batch NONE = Batch.of(Signal.TRACES, Rope.EMPTY, 0);

  /// Depth of spans, log records and metrics, where selections choose.
  private static final int SELECTED_DEPTH = 3;

  /// What to do with the attributes of one record.
  @FunctionalInterface
  public interface Edit {
    void edit(AttributeTable attributes, Batch batch);
  }

  /// Which spans, log records or metrics to edit. Given their messages and those around them; the same
  /// resource or scope comes as the same object again.
  @FunctionalInterface
  public interface Selection {
    Selection ALL = (_, _, _, _) -> true;

    boolean selects(Signal signal, Bytes resource, Bytes scope, Bytes record);
  }

  private final Edit edit;
  private final Selection selection;
  private final boolean ofResources;
  private final boolean selective;
  private final AttributeTable table = new AttributeTable();
  private final Fields fields = new Fields();

  // One message open on each depth, 1 being the resource: where its field and its value start and
  // end,
  // how far it has been copied, where it is being written (0: not yet) and with how many length
  // bytes.
  private final int[] fieldStarts = new int[Levels.MAX];
  private final int[] numbers = new int[Levels.MAX];
  private final int[] froms = new int[Levels.MAX];
  private final int[] tos = new int[Levels.MAX];
  private final int[] copied = new int[Levels.MAX];
  private final int[] opened = new int[Levels.MAX];
  private final int[] reserved = new int[Levels.MAX];
  private final WireReader[] readers = new WireReader[Levels.MAX];

  private Batch batch = NONE;
  private ArrayPool arrays = NOT_KEPT;
  private Levels levels = Levels.of(Signal.TRACES);
  private int partIndex;
  private Bytes part = Bytes.EMPTY;
  private byte[] a = Bytes.EMPTY.sharedArray();

  /// Up to where the part is in [#out], if that was begun.
  private int kept;

  /// The edited batch; null until something changes.
  private @Nullable WireWriter written;

  // The messages around a record, for the selection; null until it asks.
  private @Nullable Bytes resource;
  private @Nullable Bytes scope;
  private boolean selected;

  private RecordPatch(boolean ofResources, Edit edit, Selection selection, boolean selective) {
    this.selective = selective;
    this.ofResources = ofResources;
    this.edit = edit;
    this.selection = selection;
    for (int i = 0; i < Levels.MAX; i++) {
      readers[i] = new WireReader();
    }
  }

  /// Edits all spans, log records and data points.
  public static RecordPatch ofRecords(Edit edit) {
    return new RecordPatch(false, edit, Selection.ALL, false);
  }

  /// Edits spans, log records and data points, those that are selected.
  public static RecordPatch ofRecords(Edit edit, Selection selection) {
    return new RecordPatch(false, edit, selection, true);
  }

  /// Edits resources.
  public static RecordPatch ofResources(Edit edit) {
    return new RecordPatch(true, edit, Selection.ALL, false);
  }

  public Batch apply(Batch original) {
    return apply(original, NOT_KEPT);
  }

  /// @param arrays where the edited batch is put
  public Batch apply(Batch original, ArrayPool arrays) {
    this.arrays = arrays;
    batch = original;
    written = null;
    levels = Levels.of(original.signal());
    for (partIndex = 0; partIndex < original.otlp().parts().size(); partIndex++) {
      part(original.otlp().parts().get(partIndex));
    }
    var edited =
        written == null ? original : original.with(Rope.of(written.take()), original.items());
    forget();
    return edited;
  }

  /// A patch outlives many batches and must not keep one of them.
  private void forget() {
    written = null;
    arrays = NOT_KEPT;
    batch = NONE;
    part = Bytes.EMPTY;
    a = Bytes.EMPTY.sharedArray();
    resource = null;
    scope = null;
    table.clear();
    fields.over(Bytes.EMPTY);
    for (var reader : readers) {
      reader.over(Bytes.EMPTY);
    }
  }

  private void part(Bytes each) {
    part = each;
    kept = each.offset();
    var top = readers[0].over(each);
    while (top.next()) {
      if (top.field() == 1) {
        a = each.sharedArray();
        resource(top);
      }
    }
    keepUntil(each.offset() + each.length());
  }

  private void resource(WireReader top) {
    enter(1, top);
    resource = null;
    if (ofResources) {
      editResource();
    } else {
      walk(1);
    }
    boolean changed = opened[1] > 0;
    leave(1);
    if (changed) {
      kept = top.valueEnd();
    }
  }

  /// Adds what was not touched.
  private void keepUntil(int end) {
    if (written != null) {
      written.raw(part.sharedArray(), kept, end - kept);
      kept = end;
    }
  }

  private WireWriter out() {
    return Objects.requireNonNull(written);
  }

  private void walk(int depth) {
    var message = readers[depth].over(a, froms[depth], tos[depth]);
    boolean last = depth + 1 == levels.items();
    while (message.next()) {
      if (!levels.leadsDown(depth, message.field())) {
        continue;
      }
      enter(depth + 1, message);
      if (depth + 1 == SELECTED_DEPTH && selective) {
        select(message.bytes());
        if (!selected) {
          continue;
        }
      }
      if (last) {
        editRecord(depth + 1);
      } else {
        scope = depth == 1 ? null : scope;
        walk(depth + 1);
      }
      leave(depth + 1);
    }
  }

  /// Reads the messages around a record once for all records in them.
  private void select(Bytes record) {
    var aroundAll = resource == null ? firstMessage(1) : resource;
    var around = scope == null ? firstMessage(2) : scope;
    resource = aroundAll;
    scope = around;
    selected = selection.selects(batch.signal(), aroundAll, around, record);
  }

  /// Of an open resource the Resource, of an open scope the InstrumentationScope.
  private Bytes firstMessage(int depth) {
    return fields.over(a, froms[depth], tos[depth]).message(1);
  }

  private void editRecord(int depth) {
    table.over(a, froms[depth], tos[depth], attributes(depth));
    edit.edit(table, batch);
    if (table.changed()) {
      touch(depth - 1);
      copyUntil(depth - 1, fieldStarts[depth]);
      write(depth - 1, numbers[depth], froms[depth], tos[depth]);
    }
  }

  private void write(int parent, int number, int from, int to) {
    int lengthBytes = WireWriter.varintSize(to - from);
    int at = out().open(number, lengthBytes);
    table.writeTo(out());
    out().close(at, lengthBytes);
    copied[parent] = to;
  }

  private int attributes(int depth) {
    return switch (batch.signal()) {
      case TRACES -> 9;
      case LOGS -> 6;
      case METRICS -> MetricCursor.Kind.of(numbers[depth - 1]).attributes;
      case PROFILES -> throw new IllegalStateException("attributes of samples are in a dictionary");
    };
  }

  private void editResource() {
    var found = fields.over(a, froms[1], tos[1]);
    if (found.count(1) > 1) {
      merge();
      found = fields.over(a, froms[1], tos[1]);
    }
    boolean present = found.has(1);
    var message = found.from(1, readers[1]);
    if (present) {
      message.next();
    }
    int from = present ? message.valueStart() : froms[1];
    int to = present ? message.valueEnd() : froms[1];
    table.over(a, from, to, 1);
    edit.edit(table, batch);
    if (table.changed()) {
      touch(1);
      copyUntil(1, present ? message.fieldStart() : from);
      write(1, 1, from, to);
    }
  }

  /// A resource that came in several pieces is put together before it is edited.
  private void merge() {
    var merged = new WireWriter(tos[1] - froms[1]);
    merged.bytes(1, fields.message(1));
    var message = readers[1].over(a, froms[1], tos[1]);
    while (message.next()) {
      if (message.field() != 1) {
        merged.raw(message.wholeField());
      }
    }
    var whole = merged.take();
    a = whole.sharedArray();
    froms[1] = whole.offset();
    tos[1] = whole.offset() + whole.length();
  }

  private void enter(int depth, WireReader outer) {
    fieldStarts[depth] = outer.fieldStart();
    numbers[depth] = outer.field();
    froms[depth] = outer.valueStart();
    tos[depth] = outer.valueEnd();
    opened[depth] = 0;
  }

  /// Begins to write the messages around a change, as far as that has not been done.
  private void touch(int depth) {
    for (int i = 1; i <= depth; i++) {
      if (opened[i] > 0) {
        continue;
      }
      if (i == 1) {
        begin();
        keepUntil(fieldStarts[1]);
      } else {
        copyUntil(i - 1, fieldStarts[i]);
      }
      reserved[i] = WireWriter.varintSize(tos[i] - froms[i]);
      opened[i] = out().open(numbers[i], reserved[i]);
      copied[i] = froms[i];
    }
  }

  /// The first change: the parts before this one come first.
  private void begin() {
    if (written != null) {
      return;
    }
    int length = batch.otlp().length();
    written = new WireWriter(length + length / 16 + 256, arrays);
    batch.otlp().parts().subList(0, partIndex).forEach(written::raw);
  }

  private void leave(int depth) {
    if (opened[depth] > 0) {
      copyUntil(depth, tos[depth]);
      out().close(opened[depth], reserved[depth]);
      copied[depth - 1] = tos[depth];
    }
  }

  private void copyUntil(int depth, int end) {
    out().raw(a, copied[depth], end - copied[depth]);
    copied[depth] = end;
  }
}
