/// The `file` exporter: appends batches to files, as lines of OTLP JSON or as framed protobuf, with
/// rotation and one file for each value of a resource attribute.
///
/// Files belong to one named thread; the loop hands batches over and gets answers back. A batch is
/// accepted when its bytes have been given to the operating system.
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.file;
