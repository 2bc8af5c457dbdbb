package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.sluice.wire.WireReader;

/// Moves over the resources of a validated request; each holds scopes. Moves and is reused: nothing it
/// hands out but [Bytes] outlives the next call.
public final class ResourceCursor {
  private final WireReader top = new WireReader();
  private final Fields fields = new Fields();
  private final ScopeCursor scopes = new ScopeCursor();
  private Rope rope = Rope.EMPTY;
  private int part;

  public ResourceCursor over(Rope request) {
    rope = request;
    part = 0;
    top.over(Bytes.EMPTY);
    return this;
  }

  public boolean next() {
    while (true) {
      while (top.next()) {
        if (top.field() == 1) {
          fields.over(top.bytes());
          return true;
        }
      }
      if (part == rope.parts().size()) {
        return false;
      }
      top.over(rope.parts().get(part++));
    }
  }

  /// The Resource message.
  public Bytes resource() {
    return fields.message(1);
  }

  public Attributes attributes() {
    return Attributes.in(resource(), 1);
  }

  public String schemaUrl() {
    return fields.text(3);
  }

  /// The whole top-level field, to be a part of another rope.
  public Bytes wholeField() {
    return top.wholeField();
  }

  public ScopeCursor scopes() {
    return scopes.over(fields);
  }
}
