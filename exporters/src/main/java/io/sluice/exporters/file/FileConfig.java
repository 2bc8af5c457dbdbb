package io.sluice.exporters.file;

import io.sluice.component.Checked;
import io.sluice.component.ComponentId;
import io.sluice.component.Doc;
import io.sluice.component.EmptyIsOff;
import io.sluice.component.Findings;
import io.sluice.component.Ignored;
import io.sluice.component.Unsupported;
import java.time.Duration;
import java.util.Optional;

/// `file`.
public record FileConfig(
    @Doc("File to write, relative to the working directory; with group_by it holds one *.")
        String path,
    @Doc("Append to the file instead of emptying it at start.") boolean append,
    @Doc("Begin a new file by size and remove old ones; off unless written.") @EmptyIsOff
        Optional<Rotation> rotation,
    @Doc("json (one OTLP JSON object a line) or proto (length-prefixed).") Format format,
    @Unsupported("there are no encoding extensions here; use format")
        @Doc("Encoding extension instead of format.")
        Optional<ComponentId> encoding,
    @Doc("zstd, or empty for none; compressed messages are length-prefixed.") String compression,
    @Doc("Settings of the compression.") CompressionParams compressionParams,
    @Doc("Longest time that data waits in a buffer.")
        @Ignored("data is given to the operating system before it is acknowledged")
        Duration flushInterval,
    @Doc("One file for each value of a resource attribute.") GroupBy groupBy,
    @Doc("Create the directory of the file at start.") boolean createDirectory,
    @Doc("Permissions of created directories in octal; 0755 if empty.") String directoryPermissions)
    implements Checked {
  /// How a batch is written.
  public enum Format {
    JSON,
    PROTO
  }

  /// `rotation`.
  public record Rotation(
      @Doc("Size at which a new file begins, in MiB; 0 for 100.") int maxMegabytes,
      @Doc("Days that old files are kept; 0 for ever.") int maxDays,
      @Doc("How many old files are kept; 0 for all.") int maxBackups,
      @Doc("Local time instead of UTC in names of old files.") boolean localtime) {
    private static final int MEGABYTES = 100;

    public static Rotation defaults() {
      return new Rotation(0, 0, 100, false);
    }

    long bytesMax() {
      return (maxMegabytes == 0 ? MEGABYTES : maxMegabytes) * 1024L * 1024;
    }
  }

  /// `compression_params`.
  public record CompressionParams(@Doc("Level of zstd, 1 to 22; 0 for 3.") int level) {
    private static final int LEVEL = 3;

    public static CompressionParams defaults() {
      return new CompressionParams(0);
    }

    int levelOrDefault() {
      return level == 0 ? LEVEL : level;
    }
  }

  /// `group_by`.
  public record GroupBy(
      @Doc("Write one file for each value of the resource attribute.") boolean enabled,
      @Doc("Resource attribute whose value takes the place of the * in path.")
          String resourceAttribute,
      @Doc("How many files are open at a time.") int maxOpenFiles) {
    public static GroupBy defaults() {
      return new GroupBy(false, "fileexporter.path_segment", 100);
    }
  }

  public static FileConfig defaults() {
    return new FileConfig(
        "",
        false,
        Optional.empty(),
        Format.JSON,
        Optional.empty(),
        "",
        CompressionParams.defaults(),
        Duration.ofSeconds(1),
        GroupBy.defaults(),
        false,
        "");
  }

  boolean compressed() {
    return !compression.isEmpty();
  }

  @Override
  public void check(Findings findings) {
    findings.require(!path.isEmpty(), "path", "missing (expected: a file)");
    findings.require(
        !append || rotation.isEmpty(), "append", "together with rotation (expected: one of them)");
    findings.require(
        !compressed() || compression.equals("zstd"),
        "compression",
        "'" + compression + "' (expected: zstd or empty)");
    int level = compressionParams.level();
    findings.require(
        level >= 0 && level <= 22, "compression_params::level", level + " (expected: 0 to 22)");
    findings.require(
        !flushInterval.isNegative(), "flush_interval", flushInterval + " (expected: >= 0)");
    rotation.ifPresent(r -> checkRotation(r, findings));
    checkDirectory(findings);
    if (groupBy.enabled()) {
      checkGroups(findings);
    }
  }

  private static void checkRotation(Rotation rotation, Findings findings) {
    findings.require(
        rotation.maxMegabytes() >= 0, "rotation::max_megabytes", "negative (expected: >= 0)");
    findings.require(rotation.maxDays() >= 0, "rotation::max_days", "negative (expected: >= 0)");
    findings.require(
        rotation.maxBackups() >= 0, "rotation::max_backups", "negative (expected: >= 0)");
  }

  private void checkDirectory(Findings findings) {
    findings.require(
        createDirectory || directoryPermissions.isEmpty(),
        "directory_permissions",
        "without create_directory (expected: create_directory: true)");
    findings.require(
        directoryPermissions.matches("[0-7]{0,4}") && permissions() <= 0777,
        "directory_permissions",
        "'" + directoryPermissions + "' (expected: octal, at most 0777)");
  }

  int permissions() {
    return directoryPermissions.isEmpty() ? 0755 : Integer.parseInt(directoryPermissions, 8);
  }

  private void checkGroups(Findings findings) {
    findings.require(
        path.indexOf('*') >= 0 && path.indexOf('*') == path.lastIndexOf('*'),
        "path",
        "'" + path + "' (expected: exactly one * when group_by is enabled)");
    findings.require(
        !path.startsWith("*"), "path", "'" + path + "' (expected: something before the *)");
    findings.require(
        !groupBy.resourceAttribute().isEmpty(),
        "group_by::resource_attribute",
        "empty (expected: a key)");
    findings.require(
        groupBy.maxOpenFiles() > 0, "group_by::max_open_files", "(expected: more than 0)");
  }
}
