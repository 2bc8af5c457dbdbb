package io.sluice.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.component.ComponentContext;
import io.sluice.component.Loop;
import io.sluice.data.Origin;
import io.sluice.transport.UserAgent;
import io.sluice.transport.VertxLoop;
import io.sluice.transport.auth.ClientAuthenticator;
import io.sluice.transport.tls.VertxTls;
import io.sluice.wire.Rope;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sends bodies by POST and gives back bounded answers. It has a client of its own, and so each TLS
/// setting has: clients that were shared could mix up whose host names are checked. Confined to its
/// loop.
public final class HttpSender {
  private static final int UNAUTHENTICATED = 401;
  private static final int REDIRECTS_MAX = 10;
  private static final Duration CONNECT_MAX = Duration.ofSeconds(30);
  private static final int CONNECTIONS_MAX = 1024;

  /// What says how a body is to be read, and so goes wherever the body goes. All else is for the place the user
  /// named only: it may come from the request of a sender, and may say whose data it is.
  private static final Set<String> OF_THE_BODY =
      Set.of("content-encoding", "content-type", "x-prometheus-remote-write-version");

  /// Attempts that wait for a connection; one more fails at once.
  private static final int WAITING_MAX = 4096;

  private final HttpClientConfig config;
  private final VertxLoop loop;
  private final HttpClient client;
  private final String userAgent;
  private final int responseBytesMax;
  private final Optional<Supplier<ClientAuthenticator>> authenticator;
  private final HttpMeters meters;

  /// The user's own headers, by lower-case name.
  private final Map<String, String> own = new HashMap<>();

  private HttpSender(
      HttpClientConfig config,
      ComponentContext context,
      VertxLoop loop,
      HttpClient client,
      int responseBytesMax) {
    this.config = config;
    this.loop = loop;
    this.client = client;
    this.userAgent = UserAgent.of("", context.build());
    this.responseBytesMax = responseBytesMax;
    this.meters = new HttpMeters(context.telemetry());
    this.authenticator = config.auth().map(auth -> auth.find(ClientAuthenticator.class, context));
    config
        .headers()
        .forEach((name, value) -> own.put(name.toLowerCase(Locale.ROOT), value.value()));
  }

  /// A sender to this destination. Nothing is connected yet.
  ///
  /// @param destination decides on the proxy
  /// @param responseBytesMax what is read of an answer
  /// @throws IOException if keys or certificates cannot be read
  public static HttpSender open(
      HttpClientConfig config,
      ComponentContext context,
      URI destination,
      Map<String, String> environment,
      int responseBytesMax)
      throws IOException {
    if (!(context.loop() instanceof VertxLoop loop)) {
      throw new IllegalStateException("HTTP needs an HTTP loop, not " + context.loop());
    }
    var options =
        new HttpClientOptions()
            .setConnectTimeout(millis(connectMax(config.timeout())))
            .setKeepAlive(!config.disableKeepAlives())
            .setKeepAliveTimeout(seconds(config.idleConnTimeout()))
            .setHttp2KeepAliveTimeout(seconds(config.idleConnTimeout()))
            .setDecompressionSupported(false);
    VertxTls.client(config.tls(), context.clock(), options);
    options.setSsl(false); // said by each request
    if (config.forceAttemptHttp2()) {
      options.setUseAlpn(true).setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1));
    }
    Proxy.forDestination(destination, config.proxyUrl(), environment)
        .ifPresent(options::setProxyOptions);
    int connections = config.maxConnsPerHost() == 0 ? CONNECTIONS_MAX : config.maxConnsPerHost();
    var client =
        loop.vertx()
            .httpClientBuilder()
            .with(options)
            .with(
                new PoolOptions()
                    .setHttp1MaxSize(connections)
                    .setHttp2MaxSize(connections)
                    .setMaxWaitQueueSize(WAITING_MAX))
            .build();
    return new HttpSender(config, context, loop, client, responseBytesMax);
  }

  /// One attempt, redirects included. Fails if there is no answer, for whatever reason, within the
  /// timeout.
  ///
  /// @param headers of this body; what does not say how it is to be read stays with the destination's own origin
  public Future<HttpResponse> post(URI uri, Map<String, String> headers, Rope body) {
    return post(uri, headers, body, Origin.UNKNOWN);
  }

  /// As above.
  ///
  /// @param origin of what is in the body, for authenticators that look at it
  public Future<HttpResponse> post(URI uri, Map<String, String> headers, Rope body, Origin origin) {
    var attempt = new Attempt(body, headers, REDIRECTS_MAX);
    if (authenticator.isEmpty()) {
      attempt.send(uri, attempt.named, true, 0);
    } else {
      attempt.sendAs(authenticator.get().get(), uri, origin);
    }
    return attempt.answer.future();
  }

  /// As [#post], but what is sent is for nobody else: redirects are not followed.
  public Future<HttpResponse> postThere(URI uri, Map<String, String> headers, Rope body) {
    var attempt = new Attempt(body, headers, 0);
    attempt.send(uri, attempt.named, true, 0);
    return attempt.answer.future();
  }

  public Future<Void> close() {
    return client.close();
  }

  private final class Attempt {
    private final Rope body;

    /// What says how the body is to be read.
    private final Map<String, String> described = new HashMap<>();

    /// The user's own, and those of this request; an authenticator may change them.
    private final Map<String, String> named = new HashMap<>(own);

    private final int redirectsMax;
    private final Promise<HttpResponse> answer = Promise.promise();
    private Loop.Timer timer = () -> {};
    private Runnable abort = () -> {};

    /// Who says who we are, and what it said last; null if nobody does.
    private @Nullable ClientAuthenticator authority;

    private Map<String, String> given = Map.of();
    private Origin origin = Origin.UNKNOWN;

    /// Whether there was a second time already.
    private boolean anew;

    Attempt(Rope body, Map<String, String> headers, int redirectsMax) {
      this.body = body;
      this.redirectsMax = redirectsMax;
      headers.forEach((name, value) -> {
        var lower = name.toLowerCase(Locale.ROOT);
        (OF_THE_BODY.contains(lower) ? described : named).put(lower, value);
      });
      if (config.timeout().isPositive()) {
        limit(config.timeout());
      }
    }

    void sendAs(ClientAuthenticator who, URI uri, Origin of) {
      authority = who;
      origin = of;
      who.headers(new ClientAuthenticator.Request(named, of))
          .onComplete((headers, failure) ->
              onLoop(() -> {
                if (failure != null) {
                  fail(failure);
                } else if (!answer.future().isComplete()) {
                  given = headers;
                  send(uri, headers, true, 0);
                }
              }));
    }

    /// After a 401: whether it is sent once more, with other headers.
    private boolean sentAnew(URI uri) {
      if (authority == null || !authority.disbelieved(given) || anew) {
        return false;
      }
      anew = true;
      sendAs(authority, uri, origin);
      return true;
    }

    private void limit(Duration time) {
      timer =
          loop.schedule(
              time,
              () -> {
                fail(new TimeoutException("no answer within " + time));
                abort.run();
              });
    }

    void fail(Throwable failure) {
      timer.cancel();
      answer.tryFail(failure);
    }

    /// @param trusted whether this is still the origin the user named, which alone may see its headers
    void send(URI uri, Map<String, String> own, boolean trusted, int redirects) {
      var name = config.tls().serverNameOverride();
      boolean renamed = trusted && !name.isEmpty();
      var options =
          new RequestOptions()
              .setMethod(HttpMethod.POST)
              .setServer(SocketAddress.inetSocketAddress(Proxy.portOf(uri), uri.getHost()))
              .setHost(renamed ? name : uri.getHost())
              .setPort(Proxy.portOf(uri))
              .setSsl("https".equals(uri.getScheme()))
              .setURI(pathOf(uri));
      if (config.timeout().isPositive()) {
        options.setConnectTimeout(millis(config.timeout())); // the wait for the pool included
      }
      long begun = meters.begin();
      client
          .request(options)
          .compose(request -> {
            if (answer.future().isComplete()) {
              request.reset();
              return Future.failedFuture(new TimeoutException("connected too late"));
            }
            abort = request::reset;
            if (renamed) {
              request.authority(HostAndPort.create(uri.getHost(), Proxy.portOf(uri)));
            }
            describe(request, own, trusted);
            return request.send(buffer(body, uri)).map(response -> new Answered(request, response));
          })
          .onComplete((answered, failure) -> {
            if (failure != null) {
              meters.failed(uri, failure, body.length(), begun);
              fail(failure);
            } else {
              var response = answered.response();
              meters.sent(uri, response.statusCode(), response.version(), body.length(), begun);
              read(uri, own, trusted, redirects, answered);
            }
          });
    }

    private void describe(HttpClientRequest request, Map<String, String> own, boolean trusted) {
      request.putHeader(HttpHeaders.USER_AGENT, userAgent);
      if (trusted) {
        own.forEach((name, value) -> add(request, name, value));
      }
      described.forEach(request::putHeader);
    }

    private void add(HttpClientRequest request, String name, String value) {
      if (name.equals("host")) {
        request.authority(HostAndPort.parseAuthority(value, -1));
      } else {
        request.putHeader(name, value);
      }
    }

    private void read(
        URI uri, Map<String, String> own, boolean trusted, int redirects, Answered answered) {
      var response = answered.response();
      int status = response.statusCode();
      var location = response.getHeader(HttpHeaders.LOCATION);
      if ((status == 307 || status == 308) && location != null && redirects < redirectsMax) {
        answered.discard();
        follow(uri, own, trusted, redirects, location);
        return;
      }
      if (status == UNAUTHENTICATED && trusted && sentAnew(uri)) {
        answered.discard();
        return;
      }
      answered
          .body(responseBytesMax)
          .onComplete((bytes, failure) -> {
            if (failure != null) {
              fail(failure);
              return;
            }
            timer.cancel();
            answer.tryComplete(
                new HttpResponse(
                    status,
                    String.valueOf(response.statusMessage()),
                    mediaType(response.getHeader(HttpHeaders.CONTENT_TYPE)),
                    text(response.getHeader(HttpHeaders.RETRY_AFTER)),
                    bytes,
                    response::getHeader));
          });
    }

    /// To the same host with all that was said here. To another one only if nothing has to stay behind: data without
    /// its tenant or its proof would be taken for somebody else's.
    private void follow(
        URI uri, Map<String, String> own, boolean trusted, int redirects, String location) {
      try {
        var next = uri.resolve(location);
        var scheme = String.valueOf(next.getScheme());
        if (next.getHost() == null || !(scheme.equals("https") || scheme.equals(uri.getScheme()))) {
          fail(new IOException("redirected to a place that is not followed"));
          return;
        }
        boolean same = trusted && next.getHost().equalsIgnoreCase(uri.getHost());
        if (!same && !own.isEmpty()) {
          fail(
              new IOException(
                  "redirected to another host, "
                      + next.getHost()
                      + ", without "
                      + String.join(", ", new TreeSet<>(own.keySet()))
                      + " (expected: that host as the endpoint)"));
          return;
        }
        send(next, own, same, redirects + 1);
      } catch (IllegalArgumentException _) {
        fail(new IOException("redirected to a malformed place"));
      }
    }
  }

  private void onLoop(Runnable task) {
    if (loop.inLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  private static String pathOf(URI uri) {
    var path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  private static String mediaType(@Nullable String contentType) {
    var text = text(contentType);
    int semicolon = text.indexOf(';');
    return (semicolon < 0 ? text : text.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  private static String text(@Nullable String header) {
    return header == null ? "" : header;
  }

  private static Duration connectMax(Duration timeout) {
    return timeout.isPositive() && timeout.compareTo(CONNECT_MAX) < 0 ? timeout : CONNECT_MAX;
  }

  private static int millis(Duration duration) {
    return Math.clamp(duration.toMillis(), 1, Integer.MAX_VALUE);
  }

  private static int seconds(Duration duration) {
    return (int) Math.min(duration.plusMillis(999).toSeconds(), Integer.MAX_VALUE);
  }

  /// The rope's arrays themselves, which Netty copies when they are written, so that they may be used again
  /// whenever an answer comes. By TLS and HTTP/2 they would have to wait, longer perhaps than for an early
  /// answer, so there we copy.
  private static Buffer buffer(Rope rope, URI uri) {
    var parts = rope.parts();
    if ("https".equals(uri.getScheme())) {
      return Buffer.buffer(rope.flatten().toArray());
    }
    var buffers = new ByteBuf[parts.size()];
    for (int i = 0; i < buffers.length; i++) {
      var part = parts.get(i);
      buffers[i] = Unpooled.wrappedBuffer(part.sharedArray(), part.offset(), part.length());
    }
    return BufferInternal.buffer(
        buffers.length == 1 ? buffers[0] : Unpooled.wrappedBuffer(buffers.length, buffers));
  }
}
