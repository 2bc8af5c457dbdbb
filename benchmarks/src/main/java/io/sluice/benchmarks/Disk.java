package io.sluice.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Random;

/// What the disk below a folder does by itself: one writer that forces each piece, as who answers after that
/// has to.
final class Disk {
  private static final long FILE_BYTES = 512 << 20;

  private Disk() {}

  /// @param appended at the end of a file that grows, as a plain write and fdatasync does it
  /// @param overwritten over blocks that are there, which many disks do sooner
  record Both(Found appended, Found overwritten) {}

  /// @param pieces of data written
  /// @param seconds all of it took
  /// @param millis of each write with its fdatasync
  record Found(long pieces, double seconds, Series millis) {
    double mbPerSecond(int pieceBytes) {
      return pieces * pieceBytes / seconds / 1e6;
    }
  }

  static Both written(Path folder, int pieceBytes, long millis) throws IOException {
    return new Both(
        written(folder, pieceBytes, millis / 2, 0),
        written(folder, pieceBytes, millis / 2, FILE_BYTES));
  }

  private static Found written(Path folder, int pieceBytes, long millis, long there)
      throws IOException {
    var file = Files.createTempFile(folder, "raw", ".dat");
    var took = new ArrayList<Double>();
    var random = new byte[pieceBytes];
    new Random(8).nextBytes(random);
    double seconds;
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      var piece = ByteBuffer.allocateDirect(pieceBytes).put(random);
      for (long at = 0; at < there; at += pieceBytes) {
        channel.write(piece.clear());
      }
      channel.force(true);
      channel.position(0);
      long start = System.nanoTime();
      while (System.nanoTime() - start < millis * 1_000_000
          && (there == 0 || channel.position() + pieceBytes < there)) {
        long begin = System.nanoTime();
        piece.clear();
        while (piece.hasRemaining()) {
          channel.write(piece);
        }
        channel.force(false);
        took.add((System.nanoTime() - begin) / 1e6);
      }
      seconds = (System.nanoTime() - start) / 1e9;
    } finally {
      Files.delete(file);
    }
    return new Found(took.size(), seconds, new Series(took));
  }
}
