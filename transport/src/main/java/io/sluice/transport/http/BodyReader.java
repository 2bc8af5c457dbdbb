package io.sluice.transport.http;

import io.netty.buffer.ByteBuf;
import io.sluice.component.Loop;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads one body: room first, bytes then, decompression last. What is leased and allocated grows with
/// what has come, not with what was declared: announcing bytes takes nobody's room.
final class BodyReader {
  private static final int LEASE_FIRST_MAX = 64 << 10;
  private static final int PIECE_BYTES_MIN = 1 << 10;
  private static final int CRUMBS_BYTES = 8 << 10;
  private static final byte[] NOTHING = {};

  /// A body of which fewer than [#PROGRESS_BYTES_MIN] come in so long is given up, whatever the server's
  /// timeouts.
  static final Duration PROGRESS_EVERY = Duration.ofSeconds(10);

  static final int PROGRESS_BYTES_MIN = 1 << 10;

  private final HttpFront front;
  private final HttpExchange exchange;
  private final long declared;
  private final Promise<Body> promise = Promise.promise();

  /// All of them together are the room this body has.
  private final List<Lease> leases = new ArrayList<>();

  private long leased;
  private int sizeBefore;
  private Loop.Timer progress = () -> {};

  /// What has come, in order; joined once, at the end.
  private final List<Bytes> pieces = new ArrayList<>();

  /// Small pieces, put together.
  private byte[] crumbs = NOTHING;

  /// Where in [#crumbs] those begin that are no piece yet, and where they end.
  private int crumbsFrom;

  private int crumbsTo;
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
    if (!fits() || !lease(declared >= 0 ? Math.min(declared, LEASE_FIRST_MAX) : LEASE_FIRST_MAX)) {
      return Future.failedFuture(noRoom());
    }
    watch();
    var request = exchange.request();
    request.handler(this::append).endHandler(_ -> end()).exceptionHandler(_ -> fail(incomplete()));
    if (HttpHeaders.CONTINUE.toString().equalsIgnoreCase(exchange.header(HttpHeaders.EXPECT))) {
      exchange.response().writeContinue();
    }
    request.resume();
    return promise.future();
  }

  /// Whether there would be room for all of it now; if not, no byte has to be sent in vain.
  private boolean fits() {
    if (declared <= LEASE_FIRST_MAX) {
      return true;
    }
    var all = front.context().budget().take(declared);
    if (all != null) {
      all.close();
    }
    return all != null;
  }

  private boolean lease(long bytes) {
    var more = front.context().budget().take(bytes);
    if (more == null) {
      return false;
    }
    leases.add(more);
    leased += bytes;
    return true;
  }

  private void watch() {
    progress = exchange.loop().schedule(PROGRESS_EVERY, this::progressed);
  }

  private void progressed() {
    if (size - sizeBefore >= PROGRESS_BYTES_MIN) {
      sizeBefore = size;
      watch();
    } else {
      exchange.endConnection();
      fail(incomplete());
    }
  }

  private void append(Buffer chunk) {
    if (done) {
      return;
    }
    int length = chunk.length();
    long needed = size + (long) length;
    if (needed > front.bodyBytesMax()) {
      fail(tooLarge());
    } else if (needed > leased && !lease(wanted(needed) - leased)) {
      fail(noRoom());
    } else {
      add(((BufferInternal) chunk).getByteBuf(), length);
    }
  }

  /// Twice what has come, as far as that can come.
  private long wanted(long needed) {
    return Math.max(needed, Math.min(2 * needed, declared >= 0 ? declared : front.bodyBytesMax()));
  }

  /// A piece is kept as it is: Vert.x hands out heap buffers nobody else has. But for small ones, of which
  /// a sender could make so many that what is around them is more than themselves.
  private void add(ByteBuf chunk, int length) {
    size += length;
    if (length >= PIECE_BYTES_MIN && chunk.hasArray() && chunk.array().length <= 2 * length) {
      sweep();
      int from = chunk.arrayOffset() + chunk.readerIndex();
      pieces.add(Bytes.wrap(chunk.array(), from, from + length));
    } else if (size == declared && length == declared && chunk.hasArray()) {
      int from = chunk.arrayOffset() + chunk.readerIndex();
      pieces.add(Bytes.wrap(chunk.array(), from, from + length));
    } else {
      crumb(chunk, length);
    }
  }

  private void crumb(ByteBuf chunk, int length) {
    if (length > crumbs.length - crumbsTo) {
      sweep();
      crumbs = new byte[Math.max(length, CRUMBS_BYTES)];
      crumbsFrom = 0;
      crumbsTo = 0;
    }
    chunk.getBytes(chunk.readerIndex(), crumbs, crumbsTo, length);
    crumbsTo += length;
  }

  private void sweep() {
    if (crumbsTo > crumbsFrom) {
      pieces.add(Bytes.wrap(crumbs, crumbsFrom, crumbsTo));
      crumbsFrom = crumbsTo;
    }
  }

  private void end() {
    if (done) {
      return;
    }
    progress.cancel();
    sweep();
    var sent = joined();
    try {
      var codec = front.codecOf(exchange);
      var body = codec.isPresent() ? inflated(codec, sent) : new Body(sent, null, whole());
      body.lease().owns(sent.sharedArray());
      done = true;
      promise.complete(body);
    } catch (DecodeException e) {
      fail(
          new Refusal(
              e.tooLarge() ? Kind.TOO_LARGE : Kind.BAD_COMPRESSION,
              String.valueOf(e.getMessage())));
    } catch (Refusal e) {
      fail(e);
    } catch (
        RuntimeException bug) { // of a codec: the body is to blame, and its bytes have to go back
      fail(new Refusal(Kind.BAD_COMPRESSION, "cannot be decompressed: " + bug));
    }
  }

  private Bytes joined() {
    if (pieces.size() == 1) {
      return pieces.removeFirst();
    }
    var array = front.context().budget().arrays().take(size);
    int at = 0;
    for (var piece : pieces) {
      piece.copyTo(array, at);
      at += piece.length();
    }
    pieces.clear();
    return Bytes.wrap(array, 0, size);
  }

  private Body inflated(Optional<Codec> named, Bytes sent) {
    var codec = named.orElseThrow();
    var content = front.decoder().decode(codec, sent, front.bodyBytesMax());
    if (!lease(content.length())) {
      throw noRoom();
    }
    if (codec == Codec.SNAPPY && Decoder.isSnappyStream(sent)) {
      codec = Codec.SNAPPY_FRAMED;
    }
    var lease = whole();
    lease.owns(content.sharedArray());
    return new Body(content, new Frame(codec.toString(), sent), lease);
  }

  /// Whoever gets the body closes this, and with it each of them.
  private Lease whole() {
    return leases.size() == 1 ? leases.getFirst() : Lease.all(leases);
  }

  private void fail(Refusal refusal) {
    if (!done) {
      done = true;
      progress.cancel();
      leases.forEach(Lease::close);
      pieces.clear();
      crumbs = NOTHING;
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
