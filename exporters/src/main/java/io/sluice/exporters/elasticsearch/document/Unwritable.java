package io.sluice.exporters.elasticsearch.document;

/// There is no document for this, whatever is tried. Without a stack: it is the sender's doing.
final class Unwritable extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String reason;

  Unwritable(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
