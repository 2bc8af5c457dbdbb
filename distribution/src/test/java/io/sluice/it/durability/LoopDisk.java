package io.sluice.it.durability;

import io.sluice.it.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// A small disk of its own: a file system in a file. What was written and not forced is in the system's
/// memory and not in the file, so a copy of the file is what a power cut would leave. Needs root.
final class LoopDisk implements AutoCloseable {
  private static final int SECTOR_BYTES = 512;

  private final Path folder;
  private final Path mount;
  private Path image;
  private int copies;

  /// @param mkfs more options
  LoopDisk(int mib, String... mkfs) {
    folder = Bench.newFolder();
    mount = folder.resolve("mnt");
    image = folder.resolve("image-0");
    run("truncate", "-s", mib + "M", image.toString());
    var make = new ArrayList<>(List.of("mkfs.ext4", "-q", "-F", "-m", "0"));
    make.addAll(Arrays.asList(mkfs));
    make.add(image.toString());
    Programs.done(Map.of(), make);
    run("mkdir", "-p", mount.toString());
    mount();
  }

  private static void run(String... command) {
    Programs.done(Map.of(), List.of(command));
  }

  /// The journal is not written by itself for long: what a gateway does not force is not there.
  private void mount() {
    run("mount", "-o", "loop,commit=600", image.toString(), mount.toString());
  }

  private void unmount() {
    run("umount", mount.toString());
  }

  Path path() {
    return mount;
  }

  Path queue() {
    return mount.resolve("queue");
  }

  /// Cuts the power: the process is stopped, the disk copied, the process killed; the copy takes the
  /// disk's place.
  void cut(Life life) {
    life.signal("STOP");
    var copy = copy();
    life.kill();
    unmount();
    image = copy;
    mount();
  }

  private Path copy() {
    var copy = folder.resolve("image-" + ++copies);
    run("cp", "--sparse=always", image.toString(), copy.toString());
    return copy;
  }

  /// The same, but of the sectors that were written and not forced some have reached the disk.
  ///
  /// @return how many sectors were written and not forced
  int cutTorn(Life life, SplittableRandom random) {
    life.signal("STOP");
    var copy = copy();
    life.kill();
    var other = folder.resolve("copy");
    run("mkdir", "-p", other.toString());
    run("mount", "-o", "loop", copy.toString(), other.toString());
    int sectors = mix(mount, other, random);
    run("umount", other.toString());
    unmount();
    image = copy;
    mount();
    return sectors;
  }

  private static int mix(Path written, Path forced, SplittableRandom random) {
    int sectors = 0;
    try (var files = Files.walk(forced)) {
      for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
        var twin = written.resolve(forced.relativize(file));
        if (Files.isRegularFile(twin)) {
          sectors += mixFile(twin, file, random);
        }
      }
      return sectors;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int mixFile(Path written, Path forced, SplittableRandom random)
      throws IOException {
    int sectors = 0;
    var now = Files.readAllBytes(written);
    var then = Files.readAllBytes(forced);
    try (var out = FileChannel.open(forced, StandardOpenOption.WRITE)) {
      for (int at = 0; at + SECTOR_BYTES <= Math.min(now.length, then.length); at += SECTOR_BYTES) {
        int end = at + SECTOR_BYTES;
        if (!Arrays.equals(now, at, end, then, at, end)) {
          sectors++;
          if (random.nextBoolean()) {
            out.write(ByteBuffer.wrap(now, at, SECTOR_BYTES), at);
          }
        }
      }
    }
    return sectors;
  }

  /// As after an error: what the disk has not yet is not written any more, and nobody may write.
  void abort() {
    run("mount", "-o", "remount,abort", mount.toString());
  }

  /// Checked and mounted anew. No process may have it open.
  void repair() {
    unmount();
    Programs.run("e2fsck", "-fy", image.toString());
    mount();
  }

  long freeBytes() {
    try {
      return Files.getFileStore(mount).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Programs.run("umount", "-l", mount.toString());
    Programs.run("rm", "-rf", folder.toString());
  }
}
