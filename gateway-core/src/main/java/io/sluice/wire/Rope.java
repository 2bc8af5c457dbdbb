package io.sluice.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/// Bytes in several pieces, joined without copying.
///
/// Protobuf makes this the natural carrier: the concatenation of two messages of one type is their
/// merge, so two OTLP requests become one by placing one rope behind the other.
public record Rope(List<Bytes> parts, int length) {
  public static final Rope EMPTY = new Rope(List.of(), 0);

  public Rope {
    parts = List.copyOf(parts);
  }

  public static Rope of(Bytes part) {
    return new Rope(List.of(part), part.length());
  }

  public static Rope of(List<Bytes> parts) {
    int length = 0;
    for (Bytes part : parts) {
      length = Math.addExact(length, part.length());
    }
    return new Rope(parts, length);
  }

  public static Rope join(List<Rope> ropes) {
    var parts = new ArrayList<Bytes>();
    for (Rope rope : ropes) {
      parts.addAll(rope.parts);
    }
    return of(parts);
  }

  public Rope then(Rope next) {
    return join(List.of(this, next));
  }

  public boolean isEmpty() {
    return length == 0;
  }

  /// The same bytes in one piece. Copies only if there is more than one.
  public Bytes flatten() {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    var array = new byte[length];
    int at = 0;
    for (Bytes part : parts) {
      part.copyTo(array, at);
      at += part.length();
    }
    return Bytes.wrap(array);
  }

  public void writeTo(OutputStream out) throws IOException {
    for (Bytes part : parts) {
      part.writeTo(out);
    }
  }
}
