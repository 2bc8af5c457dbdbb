/// Tests of the distribution as a whole.
@org.jspecify.annotations.NullMarked
package io.sluice.distribution;
