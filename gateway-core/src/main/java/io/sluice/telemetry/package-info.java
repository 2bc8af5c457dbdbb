/// What the gateway says of itself: metrics under the Collector's names, books that must balance, and
/// a structured log that cannot be flooded.
@org.jspecify.annotations.NullMarked
package io.sluice.telemetry;
