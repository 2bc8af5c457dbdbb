package io.sluice.exporters.loki;

import io.sluice.testkit.Json;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireReader;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Pushes as text, both forms in the same way:
///
/// ```
/// stream {service_name="shop"}
///   1700000000000000001 the line | name=value, other=value
/// ```
final class PushText {
  private PushText() {}

  record Stream(String labels, List<Entry> entries) {}

  /// @param metadata `name=value`, as they came
  record Entry(long timeNs, String line, List<String> metadata) {}

  static String of(List<Stream> streams) {
    var text = new StringBuilder();
    for (var stream : streams) {
      text.append("stream ").append(stream.labels).append('\n');
      for (var entry : stream.entries) {
        text.append("  ").append(entry.timeNs).append(' ').append(entry.line);
        if (!entry.metadata.isEmpty()) {
          text.append(" | ").append(String.join(", ", entry.metadata));
        }
        text.append('\n');
      }
    }
    return text.toString();
  }

  static List<Stream> protobuf(Bytes push) {
    var streams = new ArrayList<Stream>();
    var fields = new WireReader().over(push);
    while (fields.next()) {
      expect(fields, 1);
      streams.add(stream(fields.bytes()));
    }
    return streams;
  }

  private static void expect(WireReader fields, int... numbers) {
    for (int number : numbers) {
      if (fields.is(number, WireReader.LENGTH_DELIMITED)) {
        return;
      }
    }
    throw new AssertionError("field " + fields.field());
  }

  private static Stream stream(Bytes message) {
    var labels = "";
    var entries = new ArrayList<Entry>();
    var fields = new WireReader().over(message);
    while (fields.next()) {
      expect(fields, 1, 2);
      if (fields.field() == 1) {
        labels = fields.bytes().utf8();
      } else {
        entries.add(entry(fields.bytes()));
      }
    }
    return new Stream(labels, entries);
  }

  private static Entry entry(Bytes message) {
    long time = 0;
    var line = "";
    var metadata = new ArrayList<String>();
    var fields = new WireReader().over(message);
    while (fields.next()) {
      expect(fields, 1, 2, 3);
      switch (fields.field()) {
        case 1 -> time = time(fields.bytes());
        case 2 -> line = fields.bytes().utf8();
        default -> metadata.add(pair(fields.bytes()));
      }
    }
    return new Entry(time, line, metadata);
  }

  private static long time(Bytes message) {
    long time = 0;
    var fields = new WireReader().over(message);
    while (fields.next()) {
      time += fields.field() == 1 ? fields.varint() * 1_000_000_000 : fields.varint();
    }
    return time;
  }

  private static String pair(Bytes message) {
    var texts = new ArrayList<String>();
    var fields = new WireReader().over(message);
    while (fields.next()) {
      texts.add(fields.bytes().utf8());
    }
    return String.join("=", texts);
  }

  static List<Stream> json(String push) {
    var streams = new ArrayList<Stream>();
    for (var each : Json.list(Json.object(push).get("streams"))) {
      var stream = Json.object(each);
      var entries = new ArrayList<Entry>();
      for (var value : Json.list(stream.get("values"))) {
        var parts = Json.list(value);
        var metadata = new ArrayList<String>();
        if (parts.size() > 2) {
          Json.object(parts.get(2)).forEach((name, text) -> metadata.add(name + "=" + text));
        }
        entries.add(
            new Entry(Long.parseLong(Json.text(parts.get(0))), Json.text(parts.get(1)), metadata));
      }
      streams.add(new Stream(labels(stream.get("stream")), entries));
    }
    return streams;
  }

  private static String labels(@org.jspecify.annotations.Nullable Object labels) {
    return new TreeMap<>(Json.object(labels))
        .entrySet().stream()
            .map(label -> label.getKey() + "=\"" + label.getValue() + "\"")
            .collect(Collectors.joining(", ", "{", "}"));
  }
}
