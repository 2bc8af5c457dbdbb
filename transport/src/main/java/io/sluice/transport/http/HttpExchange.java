package io.sluice.transport.http;

import io.sluice.transport.VertxLoop;
import io.sluice.wire.Bytes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One request and its answer. Confined to its loop.
public final class HttpExchange {
  /// What an answered sender may still send before it is cut off: enough for it to read the answer.
  private static final int DISCARDED_BYTES_MAX = 256 << 10;

  /// "No more of the request is wanted", behind a whole answer.
  private static final long H2_NO_ERROR = 0;

  private static final Duration LINGER = Duration.ofMillis(500);

  private final HttpFront front;
  private final HttpServerRequest request;
  private final long begun;
  private Map<String, String> identity = Map.of();
  private Set<String> proofs = Set.of();
  private boolean answered;
  private boolean ending;

  HttpExchange(HttpFront front, HttpServerRequest request) {
    this.front = front;
    this.request = request;
    begun = front.meters().begin();
  }

  public HttpServerRequest request() {
    return request;
  }

  public HttpServerResponse response() {
    return request.response();
  }

  public VertxLoop loop() {
    return front.loop();
  }

  /// What the authenticator knows of the sender; empty without one.
  public Map<String, String> identity() {
    return identity;
  }

  void identity(Map<String, String> identity) {
    this.identity = identity;
  }

  /// The headers by which the sender proved who it is.
  public Set<String> proofs() {
    return proofs;
  }

  void proofs(Set<String> proofs) {
    this.proofs = proofs;
  }

  /// Empty if there is none.
  public String header(CharSequence name) {
    var value = request.getHeader(name);
    return value == null ? "" : value;
  }

  /// The sender's address, without port.
  public String peer() {
    var address = request.remoteAddress();
    var host = address == null ? null : address.hostAddress();
    return host == null ? "" : host;
  }

  /// All headers by lower-case name, the host among them.
  public Map<String, List<String>> headers() {
    var headers = new HashMap<String, List<String>>();
    request
        .headers()
        .forEach((name, value) ->
            headers
                .computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                .add(value));
    var authority = request.authority();
    if (authority != null) {
      headers.put("host", List.of(authority.toString()));
    }
    return headers;
  }

  /// Admits and reads the body. Fails with a [Refusal]; the service then answers.
  public Future<Body> body() {
    return new BodyReader(front, this).read();
  }

  /// Answers, once; later answers go nowhere.
  ///
  /// @param contentType empty if there is no body
  /// @return completes when the transport holds it no more
  public Future<Void> answer(int status, String contentType, Bytes body) {
    if (answered) {
      return Future.succeededFuture();
    }
    answered = true;
    front.meters().served(request, status, body.length(), begun);
    var response = request.response();
    if (response.closed()) {
      return Future.succeededFuture();
    }
    response.setStatusCode(status);
    if (!contentType.isEmpty()) {
      response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    }
    boolean last = ending || (!request.isEnded() && leftToRead() > DISCARDED_BYTES_MAX);
    Future<Void> ended;
    if (request.version() == HttpVersion.HTTP_2) {
      ended = response.end(buffer(body));
      if (last) {
        ended.onComplete((_, _) -> hangUpStream());
      }
    } else if (last || !front.keepsAlive()) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      ended = response.end(buffer(body)).onComplete((_, _) -> hangUp());
    } else {
      ended = response.end(buffer(body));
    }
    if (!request.isEnded()) { // one that was upgraded to HTTP/2 takes no more orders then
      request.resume();
    }
    return ended;
  }

  /// Of the others on the connection nobody is to notice.
  private void hangUpStream() {
    if (!request.isEnded()) {
      request.response().reset(H2_NO_ERROR);
    }
  }

  /// The answer is to be the last on this connection: what is left of the request will not come.
  void endConnection() {
    ending = true;
  }

  public boolean answered() {
    return answered;
  }

  private long leftToRead() {
    long declared = contentLength();
    return declared < 0 ? Long.MAX_VALUE : declared - request.bytesRead();
  }

  /// -1 if the sender did not say.
  long contentLength() {
    var text = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return text == null ? -1 : Long.parseLong(text);
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  /// Not at once, or the sender gets a reset instead of the answer.
  private void hangUp() {
    front.loop().schedule(LINGER, () -> request.connection().close());
  }

  private static Buffer buffer(@Nullable Bytes body) {
    return body == null || body.isEmpty() ? Buffer.buffer() : Buffer.buffer(body.toArray());
  }
}
