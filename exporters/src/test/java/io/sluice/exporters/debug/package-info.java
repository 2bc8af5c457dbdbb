/// The debug exporter against recordings of the real Collector.
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.debug;
