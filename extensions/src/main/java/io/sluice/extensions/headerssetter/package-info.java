/// `headers_setter`: headers of what is sent, by what is known of the request the data came in with.
///
/// Each entry takes its value from the configuration, a file, the sender's request headers (the receiver's
/// `include_metadata`) or what the receiver's authenticator knows of the sender. Batches that were joined keep
/// only the headers by which they were kept apart (`batch::metadata_keys`, `partition::metadata_keys`).
@org.jspecify.annotations.NullMarked
package io.sluice.extensions.headerssetter;
