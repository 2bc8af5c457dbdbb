/// What the attributes and the resource processor share: actions on attributes, compiled once and run
/// on the wire by [io.sluice.data.RecordPatch]. Named after the Collector's package of the same task.
@org.jspecify.annotations.NullMarked
package io.sluice.processors.attraction;
