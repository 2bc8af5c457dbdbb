/// `batch`: joins small batches to larger ones.
///
/// It answers before the data is delivered, as the Collector's does. What is refused behind it is sent
/// again for a while and then counted as dropped; `sending_queue::batch` does the same work without
/// answering early.
@org.jspecify.annotations.NullMarked
package io.sluice.processors.batch;
