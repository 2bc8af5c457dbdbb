package io.sluice.transport.http;

import io.netty.buffer.ByteBuf;
import io.sluice.data.Frame;
import io.sluice.data.Lease;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.DecodeException;
import io.sluice.transport.codec.Decoder;
import io.sluice.transport.http.Refusal.Kind;
import io.sluice.wire.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Arrays;
import java.util.Optional;

/// Reads one body: room first, bytes then, decompression last. The declared length is leased, not
/// allocated; a body without one leases as it grows.
final class BodyReader {
  /// Allocated at once at most, whatever the sender declares.
  private static final int CAPACITY_FIRST_MAX = 1 << 20;

  private static final int LEASE_FIRST = 64 << 10;

  private final HttpFront front;
  private final HttpExchange exchange;
  private final long declared;
  private final Promise<Body> promise = Promise.promise();
  private Lease lease = Lease.NONE;
  private long leased;
  private byte[] array = {};
  private int from;
  private int size;
  private boolean done;

  BodyReader(HttpFront front, HttpExchange exchange) {
    this.front = front;
    this.exchange = exchange;
    this.declared = exchange.contentLength();
  }

  Future<Body> read() {
    if (declared > front.bodyBytesMax()) {
      return Future.failedFuture(tooLarge());
    }
    if (!lease(declared >= 0 ? declared : LEASE_FIRST)) {
      return Future.failedFuture(noRoom());
    }
    var request = exchange.request();
    request.handler(this::append).endHandler(_ -> end()).exceptionHandler(_ -> fail(incomplete()));
    if (HttpHeaders.CONTINUE.toString().equalsIgnoreCase(exchange.header(HttpHeaders.EXPECT))) {
      exchange.response().writeContinue();
    }
    request.resume();
    return promise.future();
  }

  private boolean lease(long bytes) {
    var larger = front.context().budget().take(bytes);
    if (larger == null) {
      return false;
    }
    lease.close();
    lease = larger;
    leased = bytes;
    return true;
  }

  private void append(Buffer chunk) {
    if (done) {
      return;
    }
    int length = chunk.length();
    if (size + (long) length > front.bodyBytesMax()) {
      fail(tooLarge());
    } else if (size + (long) length > leased && !lease(2L * (size + length))) {
      fail(noRoom());
    } else {
      add(((BufferInternal) chunk).getByteBuf(), length);
    }
  }

  /// A body that came in one piece is taken as it is: Vert.x hands out heap buffers nobody else has.
  private void add(ByteBuf chunk, int length) {
    if (size == 0 && length == declared && chunk.hasArray()) {
      array = chunk.array();
      from = chunk.arrayOffset() + chunk.readerIndex();
      size = length;
      return;
    }
    if (size + length > array.length) {
      grow(size + length);
    }
    chunk.getBytes(chunk.readerIndex(), array, size, length);
    size += length;
  }

  private void grow(int needed) {
    long wanted =
        Math.max(needed, Math.max(array.length * 2L, Math.min(declared, CAPACITY_FIRST_MAX)));
    long most = declared >= 0 ? Math.max(declared, needed) : front.bodyBytesMax();
    array = Arrays.copyOf(array, (int) Math.min(wanted, most));
  }

  private void end() {
    if (done) {
      return;
    }
    var sent = Bytes.wrap(array, from, from + size);
    try {
      var codec = front.codecOf(exchange);
      var body = codec.isPresent() ? inflated(codec, sent) : new Body(sent, null, lease);
      done = true;
      promise.complete(body);
    } catch (DecodeException e) {
      fail(
          new Refusal(
              e.tooLarge() ? Kind.TOO_LARGE : Kind.BAD_COMPRESSION,
              String.valueOf(e.getMessage())));
    } catch (Refusal e) {
      fail(e);
    }
  }

  private Body inflated(Optional<Codec> named, Bytes sent) {
    var codec = named.orElseThrow();
    var content = front.decoder().decode(codec, sent, front.bodyBytesMax());
    if (!lease((long) sent.length() + content.length())) {
      throw noRoom();
    }
    if (codec == Codec.SNAPPY && Decoder.isSnappyStream(sent)) {
      codec = Codec.SNAPPY_FRAMED;
    }
    return new Body(content, new Frame(codec.toString(), sent), lease);
  }

  private void fail(Refusal refusal) {
    if (!done) {
      done = true;
      lease.close();
      array = Bytes.EMPTY.toArray();
      promise.fail(refusal);
    }
  }

  private Refusal tooLarge() {
    return new Refusal(
        Kind.TOO_LARGE, "request body of more than " + front.bodyBytesMax() + " bytes");
  }

  private static Refusal noRoom() {
    return new Refusal(Kind.NO_ROOM, "too many bytes in flight");
  }

  private static Refusal incomplete() {
    return new Refusal(Kind.INCOMPLETE, "request body ended early");
  }
}
