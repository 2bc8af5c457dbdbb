/// The file exporter against files of the real Collector.
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.file;
