package io.sluice.disk;

import io.sluice.telemetry.Why;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/// A file for whoever reads it once and has to judge by that: a read that fails is tried again, since a
/// disk may give the next time what it did not give this time. What fails still is lost.
record PatientReads(Files.Handle file) implements Files.Handle {
  private static final int ATTEMPTS_MAX = 5;

  @Override
  public int read(ByteBuffer into, long at) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return file.read(into, at);
      } catch (IOException e) {
        if (attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
    }
  }

  /// Whether it is the disk that does not give what is there, rather than the system that would not.
  static boolean unreadable(IOException e) {
    var words = Why.of(e).toLowerCase(Locale.ROOT);
    return words.contains("input/output error") || words.contains("structure needs cleaning");
  }

  @Override
  public int write(ByteBuffer bytes, long at) throws IOException {
    return file.write(bytes, at);
  }

  @Override
  public void force() throws IOException {
    file.force();
  }

  @Override
  public void allocate(long bytes) throws IOException {
    file.allocate(bytes);
  }

  @Override
  public void truncate(long bytes) throws IOException {
    file.truncate(bytes);
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public void close() {
    file.close();
  }
}
