/// The `prometheus_remote_write` exporter: metrics as remote write 1.0 or 2.0, compressed by snappy.
///
/// Batches follow one another, and each series stands in one request of a batch, so samples of a series
/// arrive in order however many requests are under way. What is refused is sent again, without what had
/// arrived; what is rejected is searched for the samples at fault, or left to the search of the pipe where
/// that keeps dead letters.
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.prometheusremotewrite;
