/// The `attributes` processor: actions on the attributes of spans, log records and data points, of all
/// or of those that `include` and `exclude` choose.
@org.jspecify.annotations.NullMarked
package io.sluice.processors.attributes;
