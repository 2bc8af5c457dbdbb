package io.sluice.exporters.loki;

import io.sluice.wire.Bytes;

/// A name that Loki takes, and who has it at present. There is one object for each name.
final class Name {
  final Bytes text;

  /// A label or a field of the record has it in every entry.
  boolean reserved;

  /// The surroundings (resource and scope), and the record, that last had it; see [Metadata].
  long around = -1;

  long record = -1;

  /// The record that last had a key for it, whatever name that got.
  long wished = -1;

  Name(Bytes text) {
    this.text = text;
  }
}
