/// Tests of the segment log, the model on a simulated disk first.
@org.jspecify.annotations.NullMarked
package io.sluice.disk;
