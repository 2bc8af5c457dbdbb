package io.sluice.exporters.debug;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.QueueConfig;
import java.util.List;
import java.util.Optional;

/// `debug`.
public record DebugConfig(
    @Doc("basic (counts), normal (one line an item) or detailed (all fields).") Verbosity verbosity,
    @Doc("How many equal messages are printed in each second before sampling begins.")
        int samplingInitial,
    @Doc("Then each such message is printed; 0 for none.") int samplingThereafter,
    @Doc("Print through the gateway's log instead of to output_paths.") boolean useInternalLogger,
    @Doc("stdout, stderr or files, without the log; stdout if absent.")
        Optional<List<String>> outputPaths,
    @Doc("Queue before printing; off unless written.") Optional<QueueConfig> sendingQueue)
    implements Checked {
  /// How much is printed.
  public enum Verbosity {
    BASIC,
    NORMAL,
    DETAILED
  }

  public static DebugConfig defaults() {
    return new DebugConfig(Verbosity.BASIC, 2, 1, true, Optional.empty(), Optional.empty());
  }

  @Override
  public void check(Findings findings) {
    findings.require(
        samplingInitial >= 0, "sampling_initial", samplingInitial + " (expected: >= 0)");
    findings.require(
        samplingThereafter >= 0, "sampling_thereafter", samplingThereafter + " (expected: >= 0)");
    findings.require(
        outputPaths.orElse(List.of()).isEmpty() || !useInternalLogger,
        "output_paths",
        "not supported when use_internal_logger is true");
    findings.require(
        useInternalLogger || outputPaths.isEmpty() || !outputPaths.get().isEmpty(),
        "output_paths",
        "empty (expected: at least one path, or no output_paths for stdout)");
  }
}
