/// `memory_limiter`: refuses data while the gateway uses more memory than the user allows.
///
/// Each key keeps its meaning, measured on what a JVM can know: see [MemoryUse]. There is no forced
/// garbage collection, so the keys that space collections out are accepted and do nothing.
@org.jspecify.annotations.NullMarked
package io.sluice.processors.memorylimiter;
