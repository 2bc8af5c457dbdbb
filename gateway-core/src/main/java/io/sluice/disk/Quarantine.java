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

  private final Files files;
  private final LogMeter meter;
  private final Log log;
  private final Set<String> known = new HashSet<>();

  Quarantine(Files files, LogMeter meter, Log log) {
    this.files = files;
    this.meter = meter;
    this.log = log;
  }

  synchronized void keep(String segment, Scan scan, long from, long to, long records) {
    var place = segment + "-" + from;
    if (known.size() >= PLACES_MAX || !known.add(place)) {
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
    try {
      var folder = files.folder(FOLDER);
      folder.make();
      if (!folder.list().contains(place)) {
        copy(scan, from, to, folder, place);
      }
    } catch (IOException e) {
      log.warn("Cannot set damaged bytes aside", "file", place, "error", Why.of(e));
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

  /// A whole file of which nothing can be said.
  synchronized void keep(String file, String why) throws IOException {
    meter.quarantined(0, 0);
    log.error("A segment cannot be read at all; it is set aside", "file", file, "error", why);
    var folder = files.folder(FOLDER);
    folder.make();
    files.move(file, folder);
  }
}
