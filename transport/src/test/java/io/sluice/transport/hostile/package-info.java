/// What a sender needs who does not behave: frames of HTTP/2 as it likes, values nested as deep as it likes,
/// certificates of its own. For tests of other modules and the benchmarks.
@org.jspecify.annotations.NullMarked
package io.sluice.transport.hostile;
