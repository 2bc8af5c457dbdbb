package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import java.util.List;

/// Moves over the scopes of a resource; each holds spans, log records or metrics.
public final class ScopeCursor {
  private final WireReader resource = new WireReader();
  private final Fields fields = new Fields();
  private final Fields scope = new Fields();

  ScopeCursor() {}

  ScopeCursor over(Fields ofResource) {
    ofResource.from(2, resource);
    return this;
  }

  public boolean next() {
    while (resource.next()) {
      if (resource.field() == 2) {
        fields.over(resource.bytes());
        scope.over(fields.message(1));
        return true;
      }
    }
    return false;
  }

  /// The InstrumentationScope message.
  public Bytes scope() {
    return fields.message(1);
  }

  public String name() {
    return scope.text(1);
  }

  public String version() {
    return scope.text(2);
  }

  public Attributes attributes() {
    return Attributes.in(scope(), 3);
  }

  public String schemaUrl() {
    return fields.text(3);
  }

  public SpanCursor spans() {
    return new SpanCursor(cursor());
  }

  public LogCursor logs() {
    return new LogCursor(cursor());
  }

  public MetricCursor metrics() {
    return new MetricCursor(cursor());
  }

  /// The messages of the spans, log records, metrics or profiles.
  public List<Bytes> records() {
    return fields.all(2);
  }

  private RecordCursor cursor() {
    return new RecordCursor(fields, 2);
  }
}
