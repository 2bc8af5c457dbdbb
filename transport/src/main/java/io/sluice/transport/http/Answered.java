package io.sluice.transport.http;

import io.sluice.wire.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// An answer whose body is still to be read.
record Answered(HttpClientRequest request, HttpClientResponse response) {
  /// As much of the body as allowed; the rest is not waited for, and the connection goes with it.
  Future<Bytes> body(int bytesMax) {
    Promise<Bytes> promise = Promise.promise();
    var body = new ByteArrayOutputStream();
    response
        .handler(chunk -> {
          int room = bytesMax - body.size();
          body.write(chunk.getBytes(), 0, Math.min(chunk.length(), room));
          if (chunk.length() > room && promise.tryComplete(Bytes.wrap(body.toByteArray()))) {
            request.reset();
          }
        })
        .endHandler(_ -> promise.tryComplete(Bytes.wrap(body.toByteArray())))
        .exceptionHandler(failure ->
            promise.tryFail(failure instanceof IOException ? failure : new IOException(failure)));
    return promise.future();
  }

  void discard() {
    response.handler(_ -> {});
  }
}
