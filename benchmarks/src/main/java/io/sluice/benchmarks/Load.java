package io.sluice.benchmarks;

/// Something that sends requests over a fixed number of connections, each as fast as it is answered.
interface Load extends AutoCloseable {
  /// Keeps sending for so long, then waits for the answers under way.
  void run(long millis) throws InterruptedException;

  /// Requests answered with anything but success, since the last call.
  long failures();

  @Override
  void close();
}
