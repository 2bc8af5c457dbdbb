/// `tempo`: the OTLP exporters with what Grafana Tempo expects: the usual ports, one key to choose the
/// protocol, and the tenant.
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.tempo;
