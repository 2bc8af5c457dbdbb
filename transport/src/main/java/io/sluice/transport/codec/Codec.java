package io.sluice.transport.codec;

import java.util.Optional;

/// The compressions OTLP senders use, by the one name each has inside the gateway.
///
/// `deflate` is no codec of its own: in HTTP it means zlib. `snappy` means raw blocks to HTTP senders
/// and the framed format in gRPC; a decoder for either tells them apart by the first bytes.
public enum Codec {
  GZIP("gzip"),
  ZSTD("zstd"),
  ZLIB("zlib"),
  SNAPPY("snappy"),
  SNAPPY_FRAMED("x-snappy-framed"),
  LZ4("lz4");

  private final String encoding;

  Codec(String encoding) {
    this.encoding = encoding;
  }

  /// What a `Content-Encoding` of this name means; empty for unknown ones. Names are case-sensitive,
  /// as the Collector's are.
  public static Optional<Codec> ofContentEncoding(String name) {
    if (name.equals("deflate")) {
      return Optional.of(ZLIB);
    }
    for (var codec : values()) {
      if (codec.encoding.equals(name)) {
        return Optional.of(codec);
      }
    }
    return Optional.empty();
  }

  /// What a `grpc-encoding` of this name means.
  public static Optional<Codec> ofGrpcEncoding(String name) {
    return switch (name) {
      case "gzip" -> Optional.of(GZIP);
      case "zstd" -> Optional.of(ZSTD);
      case "snappy" -> Optional.of(SNAPPY_FRAMED);
      default -> Optional.empty();
    };
  }

  /// The name in [io.sluice.data.Frame] and, but for [#SNAPPY_FRAMED] in gRPC, on the wire.
  @Override
  public String toString() {
    return encoding;
  }
}
