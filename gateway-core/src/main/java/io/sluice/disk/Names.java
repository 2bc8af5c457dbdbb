package io.sluice.disk;

import io.sluice.telemetry.Log;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Gives segments their own names back: a restore may have mixed them up, and what a segment is called stands
/// in its header. One whose name another has by right, or asks for too, is left as it is.
///
/// May be stopped at any call: on its way from one name to the other a file has one that the next start
/// finds.
final class Names {
  private static final String MOVED = ".moved";

  private final Files files;
  private final Log log;

  Names(Files files, Log log) {
    this.files = files;
    this.log = log;
  }

  /// @return what there is afterwards
  Collection<String> settle(Collection<String> entries) throws IOException, Recovery.NewerFormat {
    boolean half = entries.stream().anyMatch(name -> name.endsWith(MOVED));
    var now = half ? arrive(entries) : entries;
    var wanted = wanted(now);
    if (wanted.isEmpty()) {
      return now;
    }
    for (var move : wanted.entrySet()) {
      log.warn(
          "A segment has the name of another, and is given its own",
          "file",
          move.getKey(),
          "name",
          move.getValue());
      files.rename(move.getKey(), move.getValue() + MOVED);
    }
    files.forceDirectory();
    return arrive(files.list());
  }

  private Collection<String> arrive(Collection<String> entries) throws IOException {
    for (var name : entries) {
      if (name.endsWith(MOVED)) {
        var own = name.substring(0, name.length() - MOVED.length());
        if (!entries.contains(own)) {
          files.rename(name, own);
        }
      }
    }
    files.forceDirectory();
    return files.list();
  }

  /// From what a file is called to what it should be.
  private Map<String, String> wanted(Collection<String> entries)
      throws IOException, Recovery.NewerFormat {
    var wanted = new TreeMap<String, String>();
    var taken = new HashSet<String>();
    for (var name : entries) {
      if (name.endsWith(Segment.SUFFIX)) {
        var own = own(name);
        if (own == null || own.equals(name)) {
          taken.add(name);
        } else {
          wanted.put(name, own);
        }
      }
    }
    while (wanted.keySet().removeIf(name -> stays(name, wanted, taken))) {}
    return wanted;
  }

  private static boolean stays(String name, Map<String, String> wanted, Set<String> taken) {
    var own = wanted.get(name);
    long asking = wanted.values().stream().filter(each -> each.equals(own)).count();
    boolean stays = asking > 1 || taken.contains(own);
    if (stays) {
      taken.add(name);
    }
    return stays;
  }

  /// Null if it cannot be told.
  private @Nullable String own(String name) throws IOException, Recovery.NewerFormat {
    try (var file = new PatientReads(files.open(name))) {
      var header = Ends.of(name, file, file.size()).header();
      return header == null ? null : Segment.fileOf(header.first());
    } catch (IOException e) {
      if (!PatientReads.unreadable(e) && !(e instanceof NoSuchFileException)) {
        throw e;
      }
      return null;
    }
  }
}
