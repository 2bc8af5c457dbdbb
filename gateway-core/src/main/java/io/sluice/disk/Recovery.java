package io.sluice.disk;

import io.sluice.telemetry.Log;
import io.sluice.telemetry.Why;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds out what a directory holds. It may be stopped at any call and begun again: all it writes are
/// footers, which say what another scan would find; and it puts names right ([Names]).
///
/// What cannot be read, be it damaged or not given by the disk, keeps nothing else from being found
/// ([SegmentRecovery]); only a directory that cannot be listed, and a file that may not be opened, do.
final class Recovery {
  private final Files files;
  private final State state;
  private final Quarantine quarantine;
  private final Log log;

  /// @param next the first sequence that was never used
  /// @param stored the highest that is known to be on stable storage
  record Found(long next, long stored) {}

  /// A later release wrote this.
  static final class NewerFormat extends Exception {
    private static final long serialVersionUID = 1;

    NewerFormat(String file, int version) {
      super(
          "%s has format version %d (expected: at most %d; it was written by a later release)"
              .formatted(file, version, Block.VERSION));
    }
  }

  Recovery(Files files, State state, Quarantine quarantine, Log log) {
    this.files = files;
    this.state = state;
    this.quarantine = quarantine;
    this.log = log;
  }

  /// Fills the state.
  Found run(Collection<String> found) throws IOException, NewerFormat {
    var entries = new Names(files, log).settle(found);
    var read = entries.contains(Marks.FILE) ? readMarks() : Marks.NONE;
    var marks = read == null ? Marks.NONE : read;
    long used = settle(marks);
    var evidence = new Evidence(marks, read != null);
    var recovery = new SegmentRecovery(files, state, quarantine, evidence, log);
    long stored = 0;
    for (var segment : segments(entries, recovery)) {
      state.add(segment);
      used = Math.max(used, segment.last);
      long forced = segment.committed; // what stands behind may be torn in the middle
      stored = forced < segment.header.first() ? stored : Math.max(stored, forced);
    }
    state.forgetSent();
    for (var name : entries) {
      if (name.endsWith(Segments.ASIDE)) {
        files.delete(name);
      }
    }
    used = Math.max(used, recovery.used());
    return new Found(Math.max(used + 1, marks.next()), stored);
  }

  /// @return the highest sequence that is settled
  private long settle(Marks marks) {
    long highest = 0;
    for (var each : marks.settled().entrySet()) {
      var destination = state.destination(each.getKey());
      destination.settled.addAll(each.getValue());
      destination.sent.addAll(marks.sent().getOrDefault(each.getKey(), Set.of()));
      highest = Math.max(highest, each.getValue().highest());
    }
    return highest;
  }

  /// From the newest to the oldest: each may have to be told what stands behind it.
  private Collection<Segment> segments(Collection<String> entries, SegmentRecovery recovery)
      throws IOException, NewerFormat {
    var found = new ArrayDeque<Segment>();
    var names =
        entries.stream()
            .filter(name -> name.endsWith(Segment.SUFFIX))
            .sorted(Comparator.reverseOrder())
            .toList();
    for (var name : names) {
      var segment = recovery.recover(name);
      if (segment != null) {
        found.addFirst(segment);
      }
    }
    return found;
  }

  private @Nullable Marks readMarks() throws IOException, NewerFormat {
    try (var file = new PatientReads(files.open(Marks.FILE))) {
      int size = Math.toIntExact(file.size());
      return switch (Block.read(Marks.MAGIC, file, 0, size)) {
        case Block.Content.Body(var body) -> Marks.decode(body);
        case Block.Content.Newer(var version) -> throw new NewerFormat(Marks.FILE, version);
        case Block.Content.Damaged() -> lost("damaged", size);
        case Block.Content.Unreadable(var why) -> lost(why, size);
      };
    } catch (IOException e) {
      if (!PatientReads.unreadable(e)) {
        throw e;
      }
      return lost(Why.of(e), 0);
    }
  }

  private @Nullable Marks lost(String why, long bytes) {
    log.error(
        "The marks of what is settled cannot be read; stored batches may be sent again",
        "file",
        Marks.FILE,
        "from",
        0,
        "bytes",
        bytes,
        "error",
        why);
    return null;
  }
}
