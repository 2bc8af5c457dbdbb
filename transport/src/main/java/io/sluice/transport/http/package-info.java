/// HTTP servers and clients by the Collector's settings, on the gateway's Vert.x loops.
///
/// A body is admitted against the byte budget before it is read, bounded as sent and as inflated, and
/// given to the receiver in one piece. What goes wrong on the way is a [io.sluice.transport.http.Refusal],
/// which each protocol words in its own way.
@org.jspecify.annotations.NullMarked
package io.sluice.transport.http;
