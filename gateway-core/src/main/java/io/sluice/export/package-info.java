/// What stands before every exporter: queue, batcher, retry, deadline. Each is a sink around a sink.
@org.jspecify.annotations.NullMarked
package io.sluice.export;
