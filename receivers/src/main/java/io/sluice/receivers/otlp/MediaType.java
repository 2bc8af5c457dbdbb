package io.sluice.receivers.otlp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The two encodings of OTLP/HTTP. An answer has the encoding of its request.
enum MediaType {
  PROTOBUF("application/x-protobuf"),
  JSON("application/json");

  private final String name;

  MediaType(String name) {
    this.name = name;
  }

  /// By a `Content-Type`, whose case and parameters do not matter; null for any other.
  static @Nullable MediaType of(String contentType) {
    int semicolon = contentType.indexOf(';');
    var name = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "application/x-protobuf" -> PROTOBUF;
      case "application/json" -> JSON;
      default -> null;
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
