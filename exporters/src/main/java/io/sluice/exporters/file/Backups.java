package io.sluice.exporters.file;

import io.sluice.exporters.file.FileConfig.Rotation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The files that rotation leaves behind: `out-2026-01-02T15-04-05.000-size.json` beside `out.json`.
final class Backups {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS");

  private final Path path;
  private final InstantSource clock;
  private final String prefix;
  private final String suffix;
  private final Pattern name;

  /// A backup and when it was made.
  private record Backup(Path path, LocalDateTime time) {}

  Backups(Path path, InstantSource clock) {
    this.path = path;
    this.clock = clock;
    var file = String.valueOf(path.getFileName());
    int dot = file.lastIndexOf('.');
    prefix = (dot < 0 ? file : file.substring(0, dot)) + "-";
    suffix = dot < 0 ? "" : file.substring(dot);
    name = Pattern.compile(Pattern.quote(prefix) + "(.{23})(?:-[a-z]+)?" + Pattern.quote(suffix));
  }

  /// A name that is not taken, by the time.
  Path next(Rotation limits) {
    var at = clock.instant();
    while (true) {
      var sibling = path.resolveSibling(prefix + TIME.format(local(at, limits)) + "-size" + suffix);
      if (!Files.exists(sibling)) {
        return sibling;
      }
      at = at.plusMillis(1);
    }
  }

  /// Removes the backups that are too many or too old.
  void prune(Rotation limits) throws IOException {
    var backups = all();
    var oldest =
        limits.maxDays() == 0
            ? LocalDateTime.MIN
            : local(clock.instant().minus(Duration.ofDays(limits.maxDays())), limits);
    for (int i = 0; i < backups.size(); i++) {
      boolean tooMany = limits.maxBackups() > 0 && i >= limits.maxBackups();
      if (tooMany || backups.get(i).time().isBefore(oldest)) {
        Files.deleteIfExists(backups.get(i).path());
      }
    }
  }

  private List<Backup> all() throws IOException {
    var directory = path.toAbsolutePath().getParent();
    var found = new ArrayList<Backup>();
    try (var siblings = Files.newDirectoryStream(directory)) {
      for (var sibling : siblings) {
        backup(sibling).ifPresent(found::add);
      }
    }
    found.sort(Comparator.comparing(Backup::time).reversed());
    return found;
  }

  private Optional<Backup> backup(Path sibling) {
    var matcher = name.matcher(String.valueOf(sibling.getFileName()));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Backup(sibling, LocalDateTime.parse(matcher.group(1), TIME)));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  private static LocalDateTime local(Instant at, Rotation limits) {
    return LocalDateTime.ofInstant(
        at, limits.localtime() ? ZoneId.systemDefault() : ZoneOffset.UTC);
  }
}
