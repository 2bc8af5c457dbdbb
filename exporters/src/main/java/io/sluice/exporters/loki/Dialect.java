package io.sluice.exporters.loki;

import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.sluice.wire.WireWriter;
import java.util.List;
import java.util.Map;

/// A form of the push API: writes entries one after the other, then requests of them. Confined to one thread.
sealed interface Dialect extends AutoCloseable permits ProtobufDialect, JsonDialect {
  static Dialect of(LokiConfig config) {
    var client = config.client();
    return switch (config.encoding()) {
      case PROTOBUF -> new ProtobufDialect();
      case JSON -> new JsonDialect(!client.compression().equals("none"), client.level());
    };
  }

  /// That say what the body is.
  Map<String, String> headers();

  /// What an entry or a block of pairs is written to. It is closed with the parts in this order: [#begin],
  /// line, pairs and blocks, [#end].
  WireWriter entries();

  void begin(long timeNs);

  void line(byte[] array, int from, int length);

  void pair(Bytes name, byte[] value, int from, int length);

  /// Pairs as [#blockOf] made them.
  void block(Bytes pairs);

  void end();

  /// Pairs that many entries have, to be written once.
  ///
  /// @param pairs name, value, name, value
  Bytes blockOf(List<Bytes> pairs);

  /// What comes before the entries of a stream.
  ///
  /// @param canonical the labels as Loki writes them
  /// @param pairs the same, name, value, name, value
  Bytes stream(Bytes canonical, List<Bytes> pairs);

  /// The body of a request, compressed.
  ///
  /// @param entries by number, those of a stream together
  Rope encode(Window window, int[] entries);

  @Override
  void close();
}
