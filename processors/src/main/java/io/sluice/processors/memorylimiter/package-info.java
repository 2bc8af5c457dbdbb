/// `memory_limiter`: refuses data while the gateway uses more memory than the user allows.
///
/// Each key keeps its meaning, measured on what a JVM can know: see [MemoryUse]. Above the soft limit
/// the heap is collected, spaced out as the keys say: what lives is only known after a collection.
@org.jspecify.annotations.NullMarked
package io.sluice.processors.memorylimiter;
