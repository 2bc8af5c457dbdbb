package io.sluice.exporters.elasticsearch.document;

import io.sluice.wire.Bytes;
import java.util.Set;

/// Attributes that say what becomes of a document instead of being a part of it.
final class Keys {
  static final Bytes TYPE = Bytes.utf8("data_stream.type");
  static final Bytes DATASET = Bytes.utf8("data_stream.dataset");
  static final Bytes NAMESPACE = Bytes.utf8("data_stream.namespace");
  static final Bytes INDEX = Bytes.utf8("elasticsearch.index");
  static final Bytes DOCUMENT_ID = Bytes.utf8("elasticsearch.document_id");
  static final Bytes PIPELINE = Bytes.utf8("elasticsearch.ingest_pipeline");
  static final Bytes HINTS = Bytes.utf8("elasticsearch.mapping.hints");
  static final Bytes MODE = Bytes.utf8("elastic.mapping.mode");
  static final Bytes EVENT_NAME = Bytes.utf8("event.name");

  private static final Set<Bytes> RESERVED =
      Set.of(TYPE, DATASET, NAMESPACE, INDEX, DOCUMENT_ID, PIPELINE, HINTS, MODE);
  private static final Bytes DATA_STREAM = Bytes.utf8("data_stream.");
  private static final Bytes ELASTIC = Bytes.utf8("elastic");

  private Keys() {}

  /// Cheap, and true for all that are reserved.
  static boolean mayDirect(Bytes key) {
    return startsWith(key, DATA_STREAM) || startsWith(key, ELASTIC);
  }

  static boolean reserved(Bytes key) {
    return mayDirect(key) && RESERVED.contains(key);
  }

  private static boolean startsWith(Bytes key, Bytes prefix) {
    return key.length() >= prefix.length()
        && key.at(0) == prefix.at(0)
        && key.slice(0, prefix.length()).equals(prefix);
  }
}
