/// `forward`: leads one pipeline into others of the same signal.
@org.jspecify.annotations.NullMarked
package io.sluice.connectors.forward;
