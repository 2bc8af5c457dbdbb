package io.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// Sends bytes from outside through everything that reads them.
final class Probe {
  private static final Bytes KEY = Bytes.utf8("a");

  private Probe() {}

  /// True if they were accepted.
  static boolean wire(Signal signal, Bytes input) throws IOException {
    Validate.Checked checked;
    try {
      checked = Validate.request(signal, input);
    } catch (MalformedWireException _) {
      return false;
    }
    var batch = Batch.of(signal, checked.otlp(), checked.items());
    var out = new ByteArrayOutputStream();
    OtlpJson.encode(signal, batch.otlp(), out);
    assertThat(out.size()).isLessThan(1000 + 100 * input.length());
    cursors(batch);
    split(batch);
    patch(batch);
    return true;
  }

  static boolean json(Signal signal, Bytes input) throws IOException {
    Bytes wire;
    try {
      wire = OtlpJson.decode(signal, input);
    } catch (MalformedWireException _) {
      return false;
    }
    assertThat(wire.length()).isLessThan(1000 + 10 * input.length());
    return wire(signal, wire);
  }

  private static void split(Batch batch) {
    var pieces = Split.byItems(batch, 2);
    assertThat(pieces.stream().mapToInt(Batch::items).sum()).isEqualTo(batch.items());
    pieces.forEach(Probe::stillValid);
    pieces = Split.byBytes(batch, 100);
    assertThat(pieces.stream().mapToInt(Batch::items).sum()).isEqualTo(batch.items());
    pieces.forEach(Probe::stillValid);
  }

  private static void patch(Batch batch) {
    if (batch.signal() != Signal.PROFILES) {
      var records = RecordPatch.ofRecords((table, _) -> edit(table), (_, _, _, _) -> true);
      stillValid(records.apply(batch));
    }
    stillValid(RecordPatch.ofResources((table, _) -> edit(table)).apply(batch));
  }

  private static void edit(AttributeTable table) {
    for (int i = 0; i < table.size(); i += 2) {
      if (table.isPresent(i)) {
        AnyValue.decode(table.value(i)).text();
        table.remove(i);
      }
    }
    table.put(KEY, new AnyValue.Int(1).encode());
  }

  private static void stillValid(Batch batch) {
    var checked = Validate.request(batch.signal(), batch.otlp().flatten());
    assertThat(checked.items()).isEqualTo(batch.items());
  }

  private static void cursors(Batch batch) {
    var resources = new ResourceCursor().over(batch.otlp());
    while (resources.next()) {
      values(resources.attributes());
      var scopes = resources.scopes();
      while (scopes.next()) {
        values(scopes.attributes());
        records(batch.signal(), scopes);
      }
    }
  }

  private static void records(Signal signal, ScopeCursor scopes) {
    switch (signal) {
      case TRACES -> {
        var spans = scopes.spans();
        while (spans.next()) {
          read(spans.name() + spans.kind() + spans.statusCode() + spans.traceId());
          values(spans.attributes());
        }
      }
      case LOGS -> {
        var logs = scopes.logs();
        while (logs.next()) {
          read(AnyValue.decode(logs.body()).text() + logs.severityText());
          values(logs.attributes());
        }
      }
      case METRICS -> {
        var metrics = scopes.metrics();
        while (metrics.next()) {
          var points = metrics.points();
          while (points.next()) {
            read(points.time(), points.sum(), points.count(), points.flags());
            values(points.attributes());
          }
        }
      }
      case PROFILES -> {}
    }
  }

  /// That nothing is thrown is the point.
  private static void read(Object... values) {
    assertThat(values).doesNotContainNull();
  }

  private static void values(Attributes attributes) {
    while (attributes.next()) {
      read(attributes.key().utf8() + AnyValue.decode(attributes.value()).text());
    }
  }
}
