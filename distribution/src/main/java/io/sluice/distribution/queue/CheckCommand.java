package io.sluice.distribution.queue;

import io.sluice.disk.Inspection;
import io.sluice.disk.ReadOnlyFiles;
import io.sluice.disk.Store;
import io.sluice.telemetry.Why;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `sluice queue check`: reads all of a directory and says what is not as it was written.
final class CheckCommand {
  private final PrintStream out;

  CheckCommand(PrintStream out) {
    this.out = out;
  }

  int run(List<Path> directories) {
    if (directories.isEmpty()) {
      throw QueueException.usage(
          "check: no directory (expected: the directory of a file_storage, or --config FILE)");
    }
    boolean damaged = false;
    for (var directory : directories) {
      Sources.isOne(directory);
      damaged |= check(directory);
    }
    return damaged ? QueueCommand.FAILED : 0;
  }

  private boolean check(Path directory) {
    var reports = new ArrayList<Inspection.Report>();
    var letters = directory.resolve(Store.DEAD_LETTERS);
    try {
      reports.add(new Inspection(new ReadOnlyFiles(directory), "", FilesCaller.frames()).run());
      reports.add(
          new Inspection(new ReadOnlyFiles(letters), Store.DEAD_LETTERS + "/", FilesCaller.frames())
              .run());
    } catch (IOException e) {
      throw QueueException.failed(directory + ": cannot be read: " + Why.of(e));
    }
    for (var report : reports) {
      report.notes().forEach(note -> print(directory, "note: ", note));
      report.damage().forEach(finding -> print(directory, "", finding));
    }
    long damage = reports.stream().mapToLong(report -> report.damage().size()).sum();
    out.printf(
        "%s: %d segments, %d whole records, %d bytes: %s%n",
        directory,
        reports.stream().mapToInt(Inspection.Report::segments).sum(),
        reports.stream().mapToLong(Inspection.Report::records).sum(),
        reports.stream().mapToLong(Inspection.Report::bytes).sum(),
        damage == 0
            ? "no damage"
            : damage + (damage == 1 ? " place is" : " places are") + " damaged");
    return damage > 0;
  }

  private void print(Path directory, String kind, Inspection.Finding finding) {
    out.printf(
        "%s%s: offset %d, %d bytes: %s%n",
        kind, directory.resolve(finding.file()), finding.offset(), finding.bytes(), finding.what());
  }
}
