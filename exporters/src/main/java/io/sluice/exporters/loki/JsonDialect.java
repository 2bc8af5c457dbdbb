package io.sluice.exporters.loki;

import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Encoder;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.sluice.wire.WireWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// `{"streams":[{"stream":{"name":"value"},"values":[["<ns>","<line>",{"name":"value"}]]}]}`
final class JsonDialect implements Dialect {
  private final WireWriter entries = new WireWriter(1 << 10);
  private final WireWriter body = new WireWriter(1 << 10);
  private final @Nullable Encoder gzip;
  private int pairs;

  /// @param level of gzip; empty for a fast one
  JsonDialect(boolean compressed, OptionalInt level) {
    gzip = compressed ? Encoder.of(Codec.GZIP, level) : null;
  }

  @Override
  public Map<String, String> headers() {
    var headers = new HashMap<>(Map.of("content-type", "application/json"));
    if (gzip != null) {
      headers.put("content-encoding", "gzip");
    }
    return headers;
  }

  @Override
  public WireWriter entries() {
    return entries;
  }

  @Override
  public void begin(long timeNs) {
    pairs = 0;
    Quoted.ascii(entries, "[\"");
    Quoted.ascii(entries, Long.toString(timeNs));
    Quoted.ascii(entries, "\",");
  }

  @Override
  public void line(byte[] array, int from, int length) {
    Quoted.json(entries, array, from, length);
  }

  private void separate() {
    Quoted.ascii(entries, pairs++ == 0 ? ",{" : ",");
  }

  @Override
  public void pair(Bytes name, byte[] value, int from, int length) {
    separate();
    write(entries, name);
    Quoted.octet(entries, ':');
    Quoted.json(entries, value, from, length);
  }

  private static void write(WireWriter out, Bytes text) {
    Quoted.json(out, text.sharedArray(), text.offset(), text.length());
  }

  @Override
  public void block(Bytes block) {
    if (!block.isEmpty()) {
      separate();
      entries.raw(block);
    }
  }

  @Override
  public void end() {
    Quoted.ascii(entries, pairs == 0 ? "]" : "}]");
  }

  @Override
  public Bytes blockOf(List<Bytes> of) {
    var block = new WireWriter();
    for (int i = 0; i < of.size(); i += 2) {
      if (i > 0) {
        Quoted.octet(block, ',');
      }
      write(block, of.get(i));
      Quoted.octet(block, ':');
      write(block, of.get(i + 1));
    }
    return block.take();
  }

  @Override
  public Bytes stream(Bytes canonical, List<Bytes> labels) {
    var header = new WireWriter();
    Quoted.ascii(header, "{\"stream\":{");
    header.raw(blockOf(labels));
    Quoted.ascii(header, "},\"values\":[");
    return header.take();
  }

  @Override
  public Rope encode(Window window, int[] numbers) {
    body.reset();
    Quoted.ascii(body, "{\"streams\":[");
    for (int i = 0; i < numbers.length; ) {
      int stream = window.stream(numbers[i]);
      Quoted.ascii(body, i == 0 ? "" : ",");
      body.raw(window.header(stream));
      for (boolean first = true;
          i < numbers.length && window.stream(numbers[i]) == stream;
          i++, first = false) {
        Quoted.ascii(body, first ? "" : ",");
        window.write(numbers[i], entries, body);
      }
      Quoted.ascii(body, "]}");
    }
    Quoted.ascii(body, "]}");
    var whole = Rope.of(Bytes.wrap(body.room(0), 0, body.size()));
    return Rope.of(gzip == null ? body.toBytes() : gzip.encode(whole));
  }

  @Override
  public void close() {
    if (gzip != null) {
      gzip.close();
    }
  }
}
