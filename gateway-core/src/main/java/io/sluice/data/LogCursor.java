package io.sluice.data;

import io.sluice.wire.Bytes;

/// Moves over the log records of a scope. Times are nanoseconds since the epoch, unsigned.
public final class LogCursor {
  private final RecordCursor record;

  LogCursor(RecordCursor record) {
    this.record = record;
  }

  /// Stands on one LogRecord message that is at hand.
  public static LogCursor at(Bytes message) {
    return new LogCursor(RecordCursor.at(message));
  }

  public boolean next() {
    return record.next();
  }

  /// The LogRecord message.
  public Bytes log() {
    return record.message();
  }

  public long time() {
    return record.fields.fixed64(1);
  }

  public long observedTime() {
    return record.fields.fixed64(11);
  }

  public int severityNumber() {
    return (int) record.fields.varint(2);
  }

  public String severityText() {
    return record.fields.text(3);
  }

  /// The AnyValue message, see [AnyValue#decode].
  public Bytes body() {
    return record.fields.message(5);
  }

  public Attributes attributes() {
    return record.attributes(6);
  }

  public int flags() {
    return record.fields.fixed32(8);
  }

  public Bytes traceId() {
    return record.fields.bytes(9);
  }

  public Bytes spanId() {
    return record.fields.bytes(10);
  }

  public String eventName() {
    return record.fields.text(12);
  }
}
