/// What exporters share whose batches may arrive in part: what has come of one is remembered until it is
/// sent again.
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.again;
