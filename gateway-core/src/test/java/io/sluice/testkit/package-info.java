/// For tests of components: loops with a clock one can hold, sinks that record, contracts to extend.
@org.jspecify.annotations.NullMarked
package io.sluice.testkit;
