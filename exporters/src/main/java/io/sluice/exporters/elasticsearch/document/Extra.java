package io.sluice.exporters.elasticsearch.document;

/// What may be said to a server of a document, and older ones do not know.
public enum Extra {
  /// Of which type the fields of metrics are. Since 7.13.
  TEMPLATES("dynamic_templates"),

  /// That a document is not to begin an index that is no data stream. Since 8.12.
  STREAM("require_data_stream");

  private final String key;

  Extra(String key) {
    this.key = key;
  }

  /// On the wire, and in the words of a server that does not know it.
  public String key() {
    return key;
  }
}
