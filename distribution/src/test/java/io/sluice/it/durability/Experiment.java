package io.sluice.it.durability;

import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// A fault, and how often it is tried.
///
/// @param runs without `--nightly`
/// @param nightly with it
/// @param subjects for whom it makes sense
record Experiment(
    String name, String what, int runs, int nightly, Set<Subject> subjects, Body body) {
  private static final Set<Subject> ALL = Set.of(Subject.values());
  private static final Set<Subject> ON_DISK = Set.of(Subject.SLUICE, Subject.COLLECTOR_BEST);
  private static final Set<Subject> OURS = Set.of(Subject.SLUICE);

  /// Does it so many times.
  @FunctionalInterface
  interface Body {
    Row run(Subject subject, long seed, int runs);
  }

  static final List<Experiment> CATALOGUE =
      List.of(
          new Experiment("E1", "kill -9 under load", 10, 200, ALL, Kills::loop),
          new Experiment(
              "E2",
              "kill -9 before the n-th call on a file, in work and in recovery",
              12,
              400,
              ON_DISK,
              Kills::atCalls),
          new Experiment("E3", "kill -9 in recovery, twice", 10, 100, ON_DISK, Kills::again),
          new Experiment("E4", "power cut", 5, 100, ON_DISK, PowerCuts::cut),
          new Experiment(
              "E4-CONTROL",
              "power cut, fsync off: has to lose",
              5,
              10,
              ON_DISK,
              PowerCuts::withoutFsync),
          new Experiment(
              "E5", "power cut, sectors torn and out of order", 10, 100, ON_DISK, PowerCuts::torn),
          new Experiment("E6", "syncs fail", 6, 60, ON_DISK, DiskFaults::sync),
          new Experiment(
              "E7", "writes are short, fail, find no room", 9, 90, ON_DISK, DiskFaults::writes),
          new Experiment("E8", "disk full by the backlog", 1, 3, ON_DISK, DiskFaults::full),
          new Experiment("E9", "disk full by others", 2, 10, ON_DISK, DiskFaults::fullByOthers),
          new Experiment(
              "E9-INODES", "no more files on the disk", 2, 6, ON_DISK, DiskFaults::noMoreFiles),
          new Experiment(
              "E10", "file system turns read-only", 2, 10, ON_DISK, DiskFaults::readOnly),
          new Experiment("E11", "slow disk", 4, 12, ON_DISK, DiskFaults::slow),
          new Experiment("E12", "one bit flipped", 50, 1000, ON_DISK, Damage::bits),
          new Experiment(
              "E12-BLOCKS", "4 KiB of zeros or garbage", 50, 1000, ON_DISK, Damage::blocks),
          new Experiment(
              "E12-FILES",
              "segments swapped, doubled, from an older copy",
              3,
              30,
              OURS,
              Mixups::files),
          new Experiment("E13", "a file cut short", 50, 1000, ON_DISK, Damage::lengths),
          new Experiment("E14", "destination down for long", 1, 6, ALL, Backends::down),
          new Experiment(
              "E15",
              "network: resets, refusals, bytes or answers that vanish",
              8,
              40,
              ALL,
              Backends::network),
          new Experiment("E16", "slow destination", 3, 9, ALL, Backends::slow),
          new Experiment("E17", "flapping destination", 8, 60, ALL, Backends::flapping),
          new Experiment("E18", "backlog meets the destination", 1, 4, ON_DISK, Backends::stampede),
          new Experiment(
              "E19", "the destination says when to ask again", 1, 1, ALL, Backends::delays),
          new Experiment("E20", "poison and oversize", 1, 10, ALL, Backends::poison),
          new Experiment(
              "E21", "SIGTERM, destination up, down, hanging", 4, 12, ALL, Endings::terminate),
          new Experiment(
              "E22", "two behind one address, replaced in turn", 4, 20, ALL, Endings::rolling),
          new Experiment("E23", "configuration read again", 10, 200, ALL, Endings::reload),
          new Experiment("E24", "a directory of an earlier version", 1, 1, OURS, Formats::read),
          new Experiment(
              "E35", "two processes, a directory that moves", 2, 10, ON_DISK, Endings::twice),
          new Experiment("E39", "backlog larger than memory", 1, 10, OURS, Endings::large),
          new Experiment("E42", "answers leave after their sync", 1, 5, ON_DISK, AckOrder::run),
          new Experiment(
              "E42-CONTROL",
              "the same, fsync off: all have to be found early",
              1,
              1,
              OURS,
              AckOrder::withoutFsync));

  static final Comparator<Row> IN_ORDER =
      Comparator.comparingInt((Row row) -> position(row.experiment())).thenComparing(Row::subject);

  /// Its name and what it is.
  static String title(String name) {
    int at = position(name);
    return at == CATALOGUE.size() ? name : name + ": " + CATALOGUE.get(at).what();
  }

  private static int position(String name) {
    for (int i = 0; i < CATALOGUE.size(); i++) {
      if (CATALOGUE.get(i).name().equals(name)) {
        return i;
      }
    }
    return CATALOGUE.size();
  }
}
