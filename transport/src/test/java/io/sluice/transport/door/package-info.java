@org.jspecify.annotations.NullMarked
package io.sluice.transport.door;
