package io.sluice.exporters.elasticsearch.document;

import io.sluice.wire.Bytes;

/// Where a document goes.
///
/// @param index without a date
/// @param type of the data stream, as are dataset and namespace; empty if it goes to an index by its name
record Route(String index, Bytes indexUtf8, String type, String dataset, String namespace) {
  static Route index(String name) {
    return new Route(name, Bytes.utf8(name), "", "", "");
  }

  static Route stream(String type, String dataset, String namespace) {
    var name = type + "-" + dataset + "-" + namespace;
    return new Route(name, Bytes.utf8(name), type, dataset, namespace);
  }

  boolean isStream() {
    return !type.isEmpty();
  }
}
