/// Sluice beside the real Collector: the same payloads, the same configuration, one run.
///
/// The figure is CPU seconds of the gateway's process (user + system, from `/proc`) for each million
/// items counted at the sink. The two take turns, so that a machine that changes its speed changes it for
/// both; what counts is the ratio. Load and sink live in this process, which is not the gateway's.
@org.jspecify.annotations.NullMarked
package io.sluice.benchmarks;
