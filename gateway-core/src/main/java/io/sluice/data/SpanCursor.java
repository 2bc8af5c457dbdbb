package io.sluice.data;

import io.sluice.wire.Bytes;

/// Moves over the spans of a scope. Times are nanoseconds since the epoch, unsigned.
public final class SpanCursor {
  private final RecordCursor record;
  private final Fields status = new Fields();

  SpanCursor(RecordCursor record) {
    this.record = record;
  }

  /// Stands on one Span message that is at hand.
  public static SpanCursor at(Bytes message) {
    return new SpanCursor(RecordCursor.at(message));
  }

  public boolean next() {
    return record.next();
  }

  /// The Span message.
  public Bytes span() {
    return record.message();
  }

  public Bytes traceId() {
    return record.fields.bytes(1);
  }

  public Bytes spanId() {
    return record.fields.bytes(2);
  }

  public String traceState() {
    return record.fields.text(3);
  }

  public Bytes parentSpanId() {
    return record.fields.bytes(4);
  }

  public String name() {
    return record.fields.text(5);
  }

  public int kind() {
    return (int) record.fields.varint(6);
  }

  public long startTime() {
    return record.fields.fixed64(7);
  }

  public long endTime() {
    return record.fields.fixed64(8);
  }

  public Attributes attributes() {
    return record.attributes(9);
  }

  public int flags() {
    return record.fields.fixed32(16);
  }

  public int statusCode() {
    return (int) status.over(record.fields.message(15)).varint(3);
  }

  public String statusMessage() {
    return status.over(record.fields.message(15)).text(2);
  }
}
