/// The `debug` exporter: prints what comes, as counts, as one line an item, or in full, in the
/// Collector's words.
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.debug;
