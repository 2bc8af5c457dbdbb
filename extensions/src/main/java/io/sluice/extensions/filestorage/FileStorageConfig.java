package io.sluice.extensions.filestorage;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Ignored;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/// `extensions::file_storage`.
public record FileStorageConfig(
    @Doc("Where queues are kept. For one process, and one storage, alone.") String directory,
    @Doc("How long to wait for another process to let go of the directory.") Duration timeout,
    @Doc(
            "Answer only when the data is on stable storage. Off, a power cut loses what was answered.")
        boolean fsync,
    @Doc("Make the directory if it is not there.") boolean createDirectory,
    @Doc("Permissions of a directory that is made, in octal. Files are 0600.")
        String directoryPermissions,
    @Doc("Without effect.")
        @Ignored("what is damaged is set aside record by record, the rest is delivered")
        boolean recreate,
    @Doc("Without effect.")
        @Ignored("there is nothing to compact: files are deleted as their batches are delivered")
        Compaction compaction,
    @Doc("Bytes on disk that queues may take; 0 for what the disk has.") long bytesMax,
    @Doc("Batches older than this are dropped; 0 for any age.") Duration ageMax,
    @Doc("When there is no room: refuse, or drop_oldest.") OnFull onFull,
    @Doc(
            "What to do with batches for an exporter that is not there any more: error, drop, or drain,"
                + " for which its configuration is kept beside them.")
        Orphan orphan,
    @Doc("Batches that a destination would not have.") DeadLetters deadLetter)
    implements Checked {
  private static final int PERMISSIONS_MAX = 0777;
  private static final int OCTAL = 8;

  /// What happens when there is no room.
  public enum OnFull {
    REFUSE,
    DROP_OLDEST
  }

  /// What happens to what nobody will deliver.
  public enum Orphan {
    ERROR,
    DROP,
    DRAIN
  }

  /// `dead_letter`.
  public record DeadLetters(
      @Doc(
              "Bytes on disk that they may take; 0 for what the disk has. Batches that find no room stay in"
                  + " their queue.")
          long bytesMax)
      implements Checked {
    private static final long BYTES_MAX = 1L << 30;

    public static DeadLetters defaults() {
      return new DeadLetters(BYTES_MAX);
    }

    @Override
    public void check(Findings findings) {
      findings.require(bytesMax >= 0, "bytes_max", bytesMax + " (expected: >= 0)");
    }
  }

  /// `compaction`.
  public record Compaction(
      @Doc("Without effect.") boolean onStart,
      @Doc("Without effect.") boolean onRebound,
      @Doc("Without effect.") String directory,
      @Doc("Without effect.") long reboundNeededThresholdMib,
      @Doc("Without effect.") long reboundTriggerThresholdMib,
      @Doc("Without effect.") long maxTransactionSize,
      @Doc("Without effect.") Duration checkInterval,
      @Doc("Without effect.") boolean cleanupOnStart)
      implements Checked {
    private static final long NEEDED_MIB = 100;
    private static final long TRIGGER_MIB = 10;
    private static final long TRANSACTION_SIZE = 65_536;

    public static Compaction defaults() {
      return new Compaction(
          false,
          false,
          "",
          NEEDED_MIB,
          TRIGGER_MIB,
          TRANSACTION_SIZE,
          Duration.ofSeconds(5),
          false);
    }

    @Override
    public void check(Findings findings) {
      findings.require(
          maxTransactionSize >= 0,
          "max_transaction_size",
          maxTransactionSize + " (expected: >= 0)");
      findings.require(
          !onRebound || checkInterval.isPositive(),
          "check_interval",
          checkInterval + " (expected: more than 0 with on_rebound)");
    }
  }

  public static FileStorageConfig defaults() {
    return new FileStorageConfig(
        "/var/lib/otelcol/file_storage",
        Duration.ofSeconds(1),
        true,
        false,
        "0700",
        false,
        Compaction.defaults(),
        0,
        Duration.ZERO,
        OnFull.REFUSE,
        Orphan.ERROR,
        DeadLetters.defaults());
  }

  @Override
  public void check(Findings findings) {
    findings.require(!directory.isEmpty(), "directory", "'' (expected: a directory)");
    findings.require(!timeout.isNegative(), "timeout", timeout + " (expected: >= 0)");
    findings.require(bytesMax >= 0, "bytes_max", bytesMax + " (expected: >= 0, 0 for no limit)");
    findings.require(
        bytesMax == 0 || bytesMax >= BYTES_MIN,
        "bytes_max",
        bytesMax + " (expected: 0, or at least " + BYTES_MIN + ")");
    findings.require(!ageMax.isNegative(), "age_max", ageMax + " (expected: >= 0, 0 for any age)");
    findings.require(
        mode(directoryPermissions) >= 0,
        "directory_permissions",
        "'" + directoryPermissions + "' (expected: an octal number up to 0777)");
    if (!fsync) {
      findings.warning(
          "fsync", "false: a power cut or a crash of the system loses what was answered with OK");
    }
  }

  /// Room for a few segments.
  private static final long BYTES_MIN = 1 << 20;

  private static int mode(String octal) {
    try {
      int mode = Integer.parseInt(octal, OCTAL);
      return mode <= PERMISSIONS_MAX ? mode : -1;
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  Set<PosixFilePermission> permissions() {
    int mode = mode(directoryPermissions);
    var permissions = EnumSet.noneOf(PosixFilePermission.class);
    var all =
        PosixFilePermission.values(); // owner's read, write, execute, then group's, then others'
    for (int i = 0; i < all.length; i++) {
      if ((mode >>> (all.length - 1 - i) & 1) != 0) {
        permissions.add(all[i]);
      }
    }
    return permissions;
  }
}
