package io.sluice.receivers.otlp;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;

/// Small OTLP requests.
final class Samples {
  private Samples() {}

  /// A trace request with so many spans of one resource.
  static Bytes spans(int count) {
    var out = new WireWriter();
    int resource = out.open(1);
    int scope = out.open(2);
    for (int i = 0; i < count; i++) {
      int span = out.open(2);
      out.bytes(1, Bytes.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}));
      out.bytes(2, Bytes.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
      out.bytes(5, Bytes.utf8("span " + i));
      out.close(span);
    }
    out.close(scope);
    out.close(resource);
    return out.take();
  }

  static String json(int spans) {
    var json = new StringBuilder("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[");
    for (int i = 0; i < spans; i++) {
      json.append(i == 0 ? "" : ",").append("{\"name\":\"span\"}");
    }
    return json.append("]}]}]}").toString();
  }
}
