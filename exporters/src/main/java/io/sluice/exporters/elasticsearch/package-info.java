/// The `elasticsearch` and `opensearch` exporters: documents by `_bulk`, to one of several endpoints.
///
/// The answer for each document is judged alone: what is throttled is sent again without its neighbours, what
/// is there already counts as delivered, and what the server will not have is handed back by name, with the
/// server's words, for the dead letters. What the two servers differ in is their [Dialect].
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.elasticsearch;
