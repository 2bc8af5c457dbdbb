@org.jspecify.annotations.NullMarked
package io.sluice.benchmarks;
