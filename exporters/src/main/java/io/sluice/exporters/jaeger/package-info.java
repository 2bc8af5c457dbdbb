/// `jaeger`: the OTLP exporters with what Jaeger (1.35 and later) expects: the usual ports, one key to choose
/// the protocol.
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.jaeger;
