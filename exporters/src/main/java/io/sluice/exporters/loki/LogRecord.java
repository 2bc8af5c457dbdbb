package io.sluice.exporters.loki;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import java.util.Locale;

/// The fields of one record, found in one walk. Reused; confined to one thread.
final class LogRecord {
  private static final String[] RANGES = {"trace", "debug", "info", "warn", "error", "fatal"};

  final Keyed attributes;
  private final WireReader fields = new WireReader();
  long time;
  long observed;
  int severityNumber;
  int flags;
  Bytes severityText = Bytes.EMPTY;
  Bytes body = Bytes.EMPTY;
  Bytes traceId = Bytes.EMPTY;
  Bytes spanId = Bytes.EMPTY;
  Bytes eventName = Bytes.EMPTY;

  LogRecord(Dropped dropped) {
    attributes = new Keyed(dropped);
  }

  void over(Bytes message) {
    attributes.clear();
    time = 0;
    observed = 0;
    severityNumber = 0;
    flags = 0;
    severityText = Bytes.EMPTY;
    body = Bytes.EMPTY;
    traceId = Bytes.EMPTY;
    spanId = Bytes.EMPTY;
    eventName = Bytes.EMPTY;
    fields.over(message);
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> time = fields.fixed64();
        case 2 -> severityNumber = (int) fields.varint();
        case 3 -> severityText = fields.bytes();
        case 5 -> body = fields.bytes();
        case 6 -> attributes.add(fields);
        case 8 -> flags = fields.fixed32();
        case 9 -> traceId = fields.bytes();
        case 10 -> spanId = fields.bytes();
        case 11 -> observed = fields.fixed64();
        case 12 -> eventName = fields.bytes();
        default -> {}
      }
    }
  }

  /// When it happened, else when it was seen, else now.
  long timeNs(long nowNs) {
    return time != 0 ? time : observed != 0 ? observed : nowNs;
  }

  /// One of six words by the number, else the text in lower case; empty if there is neither.
  Bytes severity() {
    if (severityNumber >= 1 && severityNumber <= 24) {
      return Bytes.utf8(RANGES[(severityNumber - 1) / 4]);
    }
    return severityText.isEmpty()
        ? severityText
        : Bytes.utf8(severityText.utf8().toLowerCase(Locale.ROOT));
  }
}
