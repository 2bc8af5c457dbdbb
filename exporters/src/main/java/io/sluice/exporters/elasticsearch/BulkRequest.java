package io.sluice.exporters.elasticsearch;

import io.sluice.exporters.elasticsearch.document.Documents;
import io.sluice.exporters.elasticsearch.document.Json;
import io.sluice.wire.Bytes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Documents that are sent together. It holds their JSON, which is bounded, and reuses its arrays. Confined
/// to one thread.
final class BulkRequest {
  /// So that the answer, with an error for each, can be held too.
  static final int DOCUMENTS_MAX = 10_000;

  private final Json json = new Json();
  private final List<Entry> entries = new ArrayList<>();

  /// @param number of the document in its batch
  /// @param end where it ends in the JSON
  private record Entry(int number, BitSet items, int end) {}

  void clear() {
    json.cut(0);
    entries.clear();
  }

  /// Adds the document that these stand on.
  ///
  /// @return false if there is none
  boolean add(Documents documents) {
    if (!documents.write(json)) {
      return false;
    }
    var items = new BitSet();
    documents.items(items);
    entries.add(new Entry(documents.number(), items, json.size()));
    return true;
  }

  int size() {
    return entries.size();
  }

  boolean full(int bytesMax) {
    return json.size() >= bytesMax || entries.size() >= DOCUMENTS_MAX;
  }

  int number(int position) {
    return entries.get(position).number;
  }

  BitSet items(int position) {
    return entries.get(position).items;
  }

  /// The lines of some of the documents; they stay as they are until the next change.
  Bytes body(int from, int to) {
    int begin = from == 0 ? 0 : entries.get(from - 1).end;
    return json.view().slice(begin, entries.get(to - 1).end);
  }
}
