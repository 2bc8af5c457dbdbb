/// The `nop` exporter: takes everything, keeps nothing.
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.nop;
