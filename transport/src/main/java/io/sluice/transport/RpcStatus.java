package io.sluice.transport;

import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import io.sluice.wire.WireReader;
import io.sluice.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// `google.rpc.Status`, the error body of OTLP/HTTP and the details of OTLP/gRPC, read and written by
/// hand: it is three fields.
///
/// @param code one of [Code]
/// @param retryDelay from its `google.rpc.RetryInfo`; null if it has none, which means: do not retry
public record RpcStatus(int code, String message, @Nullable Duration retryDelay) {
  private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";
  private static final int CODE = 1;
  private static final int MESSAGE = 2;
  private static final int DETAILS = 3;
  private static final int ANY_TYPE = 1;
  private static final int ANY_VALUE = 2;
  private static final int RETRY_DELAY = 1;
  private static final int SECONDS = 1;
  private static final int NANOS = 2;
  private static final long SECONDS_MAX = 315_576_000_000L;
  private static final int NANOS_MAX = 999_999_999;

  /// The codes we speak.
  public static final class Code {
    public static final int UNKNOWN = 2;
    public static final int INVALID_ARGUMENT = 3;
    public static final int PERMISSION_DENIED = 7;
    public static final int RESOURCE_EXHAUSTED = 8;
    public static final int UNIMPLEMENTED = 12;
    public static final int INTERNAL = 13;
    public static final int UNAVAILABLE = 14;
    public static final int UNAUTHENTICATED = 16;

    private Code() {}
  }

  public static RpcStatus of(int code, String message) {
    return new RpcStatus(code, message, null);
  }

  public Bytes toProtobuf() {
    var out = new WireWriter(64 + message.length());
    if (code != 0) {
      out.varint(CODE, code);
    }
    if (!message.isEmpty()) {
      out.bytes(MESSAGE, Bytes.utf8(message));
    }
    if (retryDelay != null) {
      int any = out.open(DETAILS);
      out.bytes(ANY_TYPE, Bytes.utf8(RETRY_INFO));
      int info = out.open(ANY_VALUE);
      int delay = out.open(RETRY_DELAY);
      out.varint(SECONDS, retryDelay.toSeconds()).varint(NANOS, retryDelay.toNanosPart());
      out.close(delay);
      out.close(info);
      out.close(any);
    }
    return out.take();
  }

  public Bytes toJson() {
    var json = new StringBuilder("{");
    if (code != 0) {
      json.append("\"code\":").append(code);
    }
    if (!message.isEmpty()) {
      json.append(json.length() > 1 ? "," : "").append("\"message\":");
      JsonText.quote(message, json);
    }
    if (retryDelay != null) {
      json.append(json.length() > 1 ? "," : "")
          .append("\"details\":[{\"@type\":\"" + RETRY_INFO + "\",\"retryDelay\":\"")
          .append(JsonText.seconds(retryDelay))
          .append("\"}]");
    }
    return Bytes.wrap(json.append('}').toString().getBytes(StandardCharsets.UTF_8));
  }

  /// Reads a status, of which it takes what it knows.
  ///
  /// @throws MalformedWireException if it is none
  public static RpcStatus parse(Bytes status) {
    int code = 0;
    var message = "";
    Duration delay = null;
    var reader = new WireReader().over(status);
    while (reader.next()) {
      if (reader.is(CODE, WireReader.VARINT)) {
        code = (int) reader.varint();
      } else if (reader.is(MESSAGE, WireReader.LENGTH_DELIMITED)) {
        message = reader.bytes().utf8();
      } else if (reader.is(DETAILS, WireReader.LENGTH_DELIMITED) && delay == null) {
        delay = retryDelay(reader.bytes());
      }
    }
    return new RpcStatus(code, message, delay);
  }

  private static @Nullable Duration retryDelay(Bytes any) {
    var type = "";
    var value = Bytes.EMPTY;
    var reader = new WireReader().over(any);
    while (reader.next()) {
      if (reader.is(ANY_TYPE, WireReader.LENGTH_DELIMITED)) {
        type = reader.bytes().utf8();
      } else if (reader.is(ANY_VALUE, WireReader.LENGTH_DELIMITED)) {
        value = reader.bytes();
      }
    }
    return type.endsWith("/google.rpc.RetryInfo") ? delayOf(value) : null;
  }

  private static Duration delayOf(Bytes retryInfo) {
    var delay = Duration.ZERO;
    var reader = new WireReader().over(retryInfo);
    while (reader.next()) {
      if (reader.is(RETRY_DELAY, WireReader.LENGTH_DELIMITED)) {
        delay = duration(reader.bytes());
      }
    }
    return delay;
  }

  private static Duration duration(Bytes message) {
    long seconds = 0;
    long nanos = 0;
    var reader = new WireReader().over(message);
    while (reader.next()) {
      if (reader.is(SECONDS, WireReader.VARINT)) {
        seconds = reader.varint();
      } else if (reader.is(NANOS, WireReader.VARINT)) {
        nanos = reader.varint();
      }
    }
    return Duration.ofSeconds(Math.clamp(seconds, 0, SECONDS_MAX), Math.clamp(nanos, 0, NANOS_MAX));
  }
}
