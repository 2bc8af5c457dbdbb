package io.sluice.exporters.loki;

import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Encoder;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.sluice.wire.WireWriter;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// `logproto.PushRequest`, compressed by snappy:
///
/// ```
/// PushRequest { repeated Stream streams = 1 }
/// Stream      { string labels = 1; repeated Entry entries = 2 }
/// Entry       { Timestamp timestamp = 1; string line = 2; repeated Pair structuredMetadata = 3 }
/// Timestamp   { int64 seconds = 1; int32 nanos = 2 }
/// Pair        { string name = 1; string value = 2 }
/// ```
final class ProtobufDialect implements Dialect {
  private static final int STREAMS = 1;
  private static final int LABELS = 1;
  private static final int ENTRIES = 2;
  private static final int TIMESTAMP = 1;
  private static final int LINE = 2;
  private static final int METADATA = 3;
  private static final long NANOS = 1_000_000_000;

  private final WireWriter entries = new WireWriter(1 << 10);
  private final WireWriter body = new WireWriter(1 << 10);
  private final Encoder snappy = Encoder.of(Codec.SNAPPY, OptionalInt.empty());
  private int entry;

  @Override
  public Map<String, String> headers() {
    return Map.of("content-type", "application/x-protobuf");
  }

  @Override
  public WireWriter entries() {
    return entries;
  }

  @Override
  public void begin(long timeNs) {
    entry = entries.open(ENTRIES, 2);
    int time = entries.open(TIMESTAMP, 1);
    entries.varint(1, Math.floorDiv(timeNs, NANOS)).varint(2, Math.floorMod(timeNs, NANOS));
    entries.close(time, 1);
  }

  @Override
  public void line(byte[] array, int from, int length) {
    entries.header(LINE, length).raw(array, from, length);
  }

  @Override
  public void pair(Bytes name, byte[] value, int from, int length) {
    entries.header(METADATA, sized(name.length()) + sized(length));
    entries.bytes(1, name).header(2, length).raw(value, from, length);
  }

  private static int sized(int length) {
    return 1 + WireWriter.varintSize(length) + length;
  }

  @Override
  public void block(Bytes pairs) {
    entries.raw(pairs);
  }

  @Override
  public void end() {
    entries.close(entry, 2);
  }

  @Override
  public Bytes blockOf(List<Bytes> pairs) {
    var block = new WireWriter();
    for (int i = 0; i < pairs.size(); i += 2) {
      var name = pairs.get(i);
      var value = pairs.get(i + 1);
      block.header(METADATA, sized(name.length()) + sized(value.length()));
      block.bytes(1, name).bytes(2, value);
    }
    return block.take();
  }

  @Override
  public Bytes stream(Bytes canonical, List<Bytes> pairs) {
    return new WireWriter(canonical.length() + 10).bytes(LABELS, canonical).take();
  }

  @Override
  public Rope encode(Window window, int[] numbers) {
    body.reset();
    for (int i = 0; i < numbers.length; ) {
      int stream = window.stream(numbers[i]);
      int opened = body.open(STREAMS, 3);
      body.raw(window.header(stream));
      for (; i < numbers.length && window.stream(numbers[i]) == stream; i++) {
        window.write(numbers[i], entries, body);
      }
      body.close(opened, 3);
    }
    return Rope.of(snappy.encode(Rope.of(Bytes.wrap(body.room(0), 0, body.size()))));
  }

  @Override
  public void close() {
    snappy.close();
  }
}
