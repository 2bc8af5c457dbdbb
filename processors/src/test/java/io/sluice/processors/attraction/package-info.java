/// Attribute actions against recordings of the real Collector.
@org.jspecify.annotations.NullMarked
package io.sluice.processors.attraction;
