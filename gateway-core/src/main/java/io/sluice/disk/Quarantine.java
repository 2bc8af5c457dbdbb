package io.sluice.disk;

import io.sluice.telemetry.Log;
import io.sluice.telemetry.Why;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/// Copies damaged bytes to the folder `corrupt`, each place once whoever finds it, before their segment
/// goes. Safe on any thread.
final class Quarantine {
  static final String FOLDER = "corrupt";

  /// After so many places they are only counted.
  static final int PLACES_MAX = 1000;

  /// Of so many it is known that they have been counted.
  private static final int KNOWN_MAX = 1 << 16;

  private final Files files;
  private final LogMeter meter;
  private final Log log;
  private final Set<String> known = new HashSet<>();

  Quarantine(Files files, LogMeter meter, Log log) {
    this.files = files;
    this.meter = meter;
    this.log = log;
  }

  /// @param records that were answered for and are lost
  synchronized void keep(String segment, Scan scan, long from, long to, long records) {
    var place = segment + "-" + from;
    if (known.contains(place)) {
      return;
    }
    if (known.size() < KNOWN_MAX) {
      known.add(place);
    }
    if (keptEarlier(place)) {
      return;
    }
    meter.quarantined(records, to - from);
    log.error(
        "Stored bytes are damaged; they are set aside and reading goes on behind them",
        "file",
        segment,
        "from",
        from,
        "bytes",
        to - from,
        "batches",
        records);
    if (known.size() > PLACES_MAX) {
      return;
    }
    try {
      var folder = files.folder(FOLDER);
      folder.make();
      copy(scan, from, to, folder, place);
    } catch (IOException e) {
      log.warn("Cannot set damaged bytes aside", "file", place, "error", Why.of(e));
    }
  }

  /// Found, counted and set aside by an earlier process.
  private boolean keptEarlier(String place) {
    try {
      var folder = files.folder(FOLDER);
      folder.make();
      return folder.list().contains(place);
    } catch (IOException _) {
      return false;
    }
  }

  private static void copy(Scan scan, long from, long to, Files folder, String place)
      throws IOException {
    try (var file = folder.create(place)) {
      scan.copy(from, to, file);
      file.force();
    }
    folder.forceDirectory();
  }

  /// A whole file that is no segment any more. If it cannot be moved it stays, and is not used.
  ///
  /// @param records that are known to have been in it and to be lost
  synchronized void setAside(String file, String why, long records, long bytes) {
    meter.quarantined(records, bytes);
    log.error(
        "A segment cannot be read at all; it is set aside",
        "file",
        file,
        "error",
        why,
        "bytes",
        bytes,
        "batches",
        known(records));
    try {
      var folder = files.folder(FOLDER);
      folder.make();
      files.move(file, folder);
    } catch (IOException e) {
      log.warn("Cannot set a segment aside", "file", file, "error", Why.of(e));
    }
  }

  /// A file that the disk does not give: there is nothing to be set aside.
  ///
  /// @param records that are known to be in it and not delivered
  synchronized void leave(String file, long at, String why, long records, long bytes) {
    meter.quarantined(records, bytes);
    log.error(
        "A segment cannot be read; it is left where it is, for the next start",
        "file",
        file,
        "from",
        at,
        "error",
        why,
        "bytes",
        bytes,
        "batches",
        known(records));
  }

  private static String known(long records) {
    return records == 0 ? "unknown" : Long.toString(records);
  }
}
