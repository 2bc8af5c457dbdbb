package io.sluice.disk;

import io.sluice.data.Batch;
import io.sluice.data.Frame;
import io.sluice.data.Lease;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/// Looks at what is stored for one destination and not settled, in the order it was stored, and takes
/// nothing: whoever claims goes on meanwhile, and segments may go away under it.
///
/// Blocks on the disk. Confined to one thread. Memory: one window of the file, and the batch asked for.
public final class Browse implements AutoCloseable {
  private final State state;
  private final Destination destination;
  private final Selection selection;

  private long after = -1;
  private @Nullable Segment segment;
  private Segment.@Nullable Share share;
  private @Nullable Scan scan;
  private Scan.Found.@Nullable Head found;
  private int given;
  private long last;

  Browse(State state, Destination destination, Selection selection) {
    this.state = state;
    this.destination = destination;
    this.selection = selection;
  }

  /// The next one; null if there is none.
  public StoredBatch.@Nullable Head next() throws IOException {
    found = null;
    while (given < selection.limit() && enter()) {
      switch (scan == null || segment == null ? new Scan.Found.End() : scan.next(end(segment))) {
        case Scan.Found.Head head -> {
          if (selection.has(head.header()) && holds(head.header()) && counts(head)) {
            found = head;
            given++;
            last = head.header().sequence();
            return head(head);
          }
        }
        case Scan.Found.Damage _ -> {} // who claims sets it aside
        case Scan.Found.End() -> leave();
      }
    }
    return null;
  }

  /// Where another selection may go on, as its `after`, if this one came to its limit; else -1.
  public long resume() {
    return given < selection.limit() ? -1 : last;
  }

  /// Whether there is a segment to look at.
  private boolean enter() throws IOException {
    while (scan == null) {
      var next = state.holding(destination, after);
      if (next == null) {
        return false;
      }
      segment = next;
      share = next.shareOf(destination);
      if (passed(next)) {
        leave();
        continue;
      }
      try {
        var reading = new Scan(new PatientReads(state.files.open(next.file)), next.header);
        reading.tolerate();
        scan = reading;
      } catch (NoSuchFileException _) { // all of it has been settled
        leave();
      }
    }
    return true;
  }

  private boolean passed(Segment next) {
    synchronized (state) {
      return next.finished && next.last <= selection.after();
    }
  }

  private long end(Segment segment) {
    synchronized (state) {
      return segment.dropped ? 0 : segment.end;
    }
  }

  private boolean holds(RecordHeader header) {
    var here = share;
    return here != null && state.holds(here, header);
  }

  /// What a crash tore is in no figures, and not to be given up.
  private boolean counts(Scan.Found.Head head) throws IOException {
    return segment != null && scan != null && segment.counts(head, scan);
  }

  private void leave() {
    if (segment != null) {
      after = segment.header.first();
    }
    close();
  }

  private StoredBatch.Head head(Scan.Found.Head found) {
    var header = found.header();
    return new StoredBatch.Head(
        header.sequence(),
        header.storedAtMs(),
        header.signal(),
        header.items(),
        header.rawLength(),
        header.length(),
        segment == null ? "" : segment.file,
        found.at());
  }

  /// All of the one that [#next] came to; null if it is damaged, or gone.
  ///
  /// @param lease of the batch
  public @Nullable StoredBatch read(Lease lease) throws IOException {
    var here = found;
    if (scan == null
        || here == null
        || !(scan.content(here) instanceof Scan.Content.Whole(var envelope, var payload))) {
      return null;
    }
    var header = here.header();
    Bytes otlp =
        header.framed()
            ? state.frames.open(envelope.encoding(), payload, header.rawLength())
            : payload;
    if (otlp == null) {
      return null;
    }
    var frame = header.framed() ? new Frame(envelope.encoding(), payload) : null;
    var batch =
        new Batch(header.signal(), Rope.of(otlp), header.items(), envelope.origin(), lease, frame);
    return new StoredBatch(head(here), batch, envelope.encoding(), envelope.letter());
  }

  /// Gives up the one that [#next] came to: it counts as settled.
  ///
  /// @return false if it is on its way to its destination just now, or settled already
  boolean giveUp() {
    var here = found;
    return here != null && share != null && state.giveUp(share, here.header());
  }

  @Override
  public void close() {
    if (scan != null) {
      scan.close();
    }
    scan = null;
    segment = null;
    share = null;
  }
}
