package io.sluice.exporters.elasticsearch;

import io.sluice.exporters.elasticsearch.document.Extra;
import io.sluice.exporters.elasticsearch.document.Mode;
import java.util.EnumSet;
import java.util.Set;

/// What is said to one kind of server and not to the other.
///
/// @param extras what may be said of documents
/// @param standard the mapping mode of what asks for none
/// @param action `create` or `index`
record Dialect(Set<Extra> extras, Mode standard, String dataset, String namespace, String action) {
  static final Dialect ELASTICSEARCH =
      new Dialect(EnumSet.allOf(Extra.class), Mode.OTEL, "generic", "default", "create");
}
