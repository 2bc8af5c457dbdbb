package io.sluice.exporters.elasticsearch;

import io.sluice.exporters.elasticsearch.document.Mode;

/// What is said to one kind of server and not to the other.
///
/// @param templates whether fields of metrics are given their type by the name of a dynamic template
/// @param standard the mapping mode of what asks for none
/// @param action `create` or `index`
record Dialect(boolean templates, Mode standard, String dataset, String namespace, String action) {
  static final Dialect ELASTICSEARCH = new Dialect(true, Mode.OTEL, "generic", "default", "create");
}
