package io.sluice.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;

/// What the disk below a folder does by itself: one writer that appends and forces each piece, as who answers
/// after that has to.
final class Disk {
  private Disk() {}

  /// @param pieces of data written
  /// @param seconds all of it took
  /// @param millis of each write with its fdatasync
  record Found(long pieces, double seconds, Series millis) {
    double bytesPerSecond(int pieceBytes) {
      return pieces * pieceBytes / seconds;
    }
  }

  static Found written(Path folder, int pieceBytes, long millis) throws IOException {
    var file = Files.createTempFile(folder, "raw", ".dat");
    var took = new ArrayList<Double>();
    long start = System.nanoTime();
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      var piece = ByteBuffer.allocateDirect(pieceBytes);
      while (System.nanoTime() - start < millis * 1_000_000) {
        long begin = System.nanoTime();
        piece.clear();
        while (piece.hasRemaining()) {
          channel.write(piece);
        }
        channel.force(false);
        took.add((System.nanoTime() - begin) / 1e6);
      }
    } finally {
      Files.delete(file);
    }
    return new Found(took.size(), (System.nanoTime() - start) / 1e9, new Series(took));
  }
}
