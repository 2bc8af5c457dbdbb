/// The data layer against its oracle, the official generated classes.
@org.jspecify.annotations.NullMarked
package io.sluice.data;
