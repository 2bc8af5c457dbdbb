/// OTLP metrics as Prometheus has them: names, labels, series, samples, native histograms, exemplars.
///
/// A [io.sluice.exporters.prometheus.Translation] walks a batch and fills a
/// [io.sluice.exporters.prometheus.SeriesTable]: columns of numbers over texts that are kept once, so that a
/// batch costs no object for each of its series. What is done with the table, pushed or shown, is for
/// others.
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.prometheus;
