/// Telemetry as the gateway carries it: OTLP bytes, cursors to read them, patches to edit them.
///
/// One code path for all signals: they share the shape resource / scope / record, with equal field
/// numbers. Generated protobuf classes appear in [io.sluice.data.Messages] only.
@org.jspecify.annotations.NullMarked
package io.sluice.data;
