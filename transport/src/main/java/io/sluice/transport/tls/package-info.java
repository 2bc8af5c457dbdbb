/// TLS settings with the Collector's keys, and what both transports make of them.
///
/// Keys and trust are read by our own key and trust managers, so that a file that changes is taken up
/// by the next handshake whichever transport it belongs to.
@org.jspecify.annotations.NullMarked
package io.sluice.transport.tls;
