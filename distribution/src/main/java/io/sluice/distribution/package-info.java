/// The distribution: which components it holds, its command line, and the process around the gateway.
@org.jspecify.annotations.NullMarked
package io.sluice.distribution;
