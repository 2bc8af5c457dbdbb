package io.sluice.processors.memorylimiter;

import io.sluice.component.Budget;
import java.time.Duration;

/// How much memory the gateway uses, in bytes.
///
/// The heap in use says nothing: it climbs to the maximum between two collections whatever the load. So
/// this adds up what is known to be needed: what lived after the last collection, less the telemetry that
/// was held then; the telemetry held now, which the byte ledger knows exactly; direct buffers.
interface MemoryUse {
  long bytes();

  /// Memory of the machine, or of the cgroup if that is less.
  long totalBytes();

  /// More than this it cannot use, whatever the user wrote.
  long bytesMax();

  /// Since the last collection of the whole heap, whoever asked for it.
  Duration sinceCollection();

  /// Collects the whole heap, at once.
  void collect();

  static MemoryUse ofProcess(Budget budget) {
    return new ProcessMemory(budget);
  }
}
