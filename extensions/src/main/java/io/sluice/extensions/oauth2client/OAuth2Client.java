package io.sluice.extensions.oauth2client;

import io.sluice.component.ComponentContext;
import io.sluice.component.Extension;
import io.sluice.extensions.oauth2client.TokenRequest.Style;
import io.sluice.telemetry.Why;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.auth.ClientAuthenticator;
import io.sluice.transport.auth.SecretFile;
import io.sluice.transport.http.HttpClientConfig;
import io.sluice.transport.http.HttpResponse;
import io.sluice.transport.http.HttpSender;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Keeps a token. Gives it on any thread; asks for another on the loop it lives on.
final class OAuth2Client implements Extension, ClientAuthenticator {
  /// After a request for a token that failed, the next waits so long; who asks meanwhile is told so.
  static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /// A destination may make us ask for another token once in this time.
  static final Duration DISBELIEF_EVERY = Duration.ofSeconds(10);

  private static final int WAITING_MAX = 10_000;
  private static final int RESPONSE_BYTES_MAX = 64 << 10;

  private final OAuth2ClientConfig config;
  private final ComponentContext context;
  private final Map<String, String> environment;
  private final URI uri;
  private final AtomicReference<@Nullable Token> token = new AtomicReference<>();
  private long disbelievedAtNs;

  /// What follows is the loop's.
  private final List<SecretFile> files = new ArrayList<>();

  private final List<Promise<Token>> waiting = new ArrayList<>();
  private String id;
  private String secret;
  private @Nullable HttpSender sender;
  private boolean asking;
  private @Nullable Style style;
  private String failure = "";
  private long failedAtNs;

  OAuth2Client(
      OAuth2ClientConfig config, ComponentContext context, Map<String, String> environment) {
    this.config = config;
    this.context = context;
    this.environment = environment;
    uri = URI.create(config.tokenUrl());
    id = config.clientId();
    secret = config.clientSecret().value();
    disbelievedAtNs = context.loop().nanoTime() - DISBELIEF_EVERY.toNanos();
  }

  @Override
  public Future<Void> start() {
    try {
      sender = HttpSender.open(client(), context, uri, environment, RESPONSE_BYTES_MAX);
    } catch (IOException | IllegalStateException e) {
      return Future.failedFuture(e);
    }
    if (!config.clientIdFile().isEmpty()) {
      files.add(
          new SecretFile("client_id_file", config.clientIdFile(), context, s -> id = s.strip()));
    }
    if (!config.clientSecretFile().isEmpty()) {
      files.add(
          new SecretFile(
              "client_secret_file", config.clientSecretFile(), context, s -> secret = s.strip()));
    }
    return Future.all(files.stream().map(SecretFile::start).toList()).mapEmpty();
  }

  private HttpClientConfig client() {
    return HttpClientConfig.defaults()
        .with(config.tokenUrl(), config.effectiveTimeout(), "", 0)
        .with(config.tls());
  }

  @Override
  public Future<Void> stop() {
    files.forEach(SecretFile::stop);
    var closing = sender;
    sender = null;
    answer(null, "stopped");
    return closing == null ? Future.succeededFuture() : closing.close();
  }

  @Override
  public Future<Map<String, String>> headers(Request request) {
    var known = token.get();
    if (known != null && isFresh(known)) {
      return Future.succeededFuture(with(request, known));
    }
    if (known != null && context.loop().nanoTime() - known.endsAtNs() < 0) {
      context.loop().execute(this::renew);
      return Future.succeededFuture(with(request, known));
    }
    Promise<Token> promise = Promise.promise();
    context.loop().execute(() -> ask(promise));
    return promise.future().map(given -> with(request, given));
  }

  private static Map<String, String> with(Request request, Token token) {
    var headers = new HashMap<>(request.headers());
    headers.put("authorization", token.authorization());
    return headers;
  }

  private void ask(Promise<Token> promise) {
    var known = token.get();
    if (known != null && isFresh(known)) {
      promise.complete(known);
    } else if (hasJustFailed()) {
      promise.fail(AuthException.passing(failure));
    } else if (waiting.size() >= WAITING_MAX) {
      promise.fail(AuthException.passing("oauth2client: too many wait for a token"));
    } else if (sender == null) {
      promise.fail(AuthException.passing("oauth2client: not running"));
    } else {
      waiting.add(promise);
      begin();
    }
  }

  /// Nobody waits for it: the token that is there is good for a while.
  private void renew() {
    var known = token.get();
    if ((known == null || !isFresh(known)) && !hasJustFailed()) {
      begin();
    }
  }

  private boolean isFresh(Token known) {
    return context.loop().nanoTime() - known.renewAtNs() < 0;
  }

  private boolean hasJustFailed() {
    return !failure.isEmpty() && context.loop().nanoTime() - failedAtNs < RETRY_AFTER.toNanos();
  }

  private void begin() {
    if (!asking && sender != null) {
      asking = true;
      ask(sender, style == null ? Style.HEADER : style);
    }
  }

  private void ask(HttpSender by, Style how) {
    var request = new TokenRequest(config, how, id, secret);
    by.postThere(uri, request.headers(), request.body())
        .onComplete((response, cause) -> {
          if (response == null) {
            answer(null, Why.of(Objects.requireNonNull(cause)));
          } else if (response.successful()) {
            take(response, how);
          } else if (style == null
              && how == Style.HEADER
              && sender != null
              && mayBeStyle(response)) {
            ask(by, Style.BODY);
          } else {
            answer(null, request.refusal(response));
          }
        });
  }

  /// Whether the server may only not know where to look for the client's secret.
  private static boolean mayBeStyle(HttpResponse response) {
    return response.status() == 400 || response.status() == 401;
  }

  private void take(HttpResponse response, Style how) {
    try {
      var given = Token.of(response.body(), config.expiryBuffer(), context.loop().nanoTime());
      style = how;
      answer(given, "");
    } catch (IOException e) {
      answer(null, String.valueOf(e.getMessage()));
    }
  }

  private void answer(@Nullable Token given, String reason) {
    asking = false;
    var answered = List.copyOf(waiting);
    waiting.clear();
    if (given != null) {
      failure = "";
      token.set(given);
      context.status().ok();
      answered.forEach(promise -> promise.complete(given));
      return;
    }
    failure = "oauth2client: no token from " + shown(uri) + ": " + reason;
    failedAtNs = context.loop().nanoTime();
    if (sender != null) {
      context.log().error("Cannot get a token", "error", failure);
      context.status().recoverable(failure);
    }
    answered.forEach(promise -> promise.fail(AuthException.passing(failure)));
  }

  /// Users and queries of URLs hold secrets.
  private static String shown(URI uri) {
    var port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + port + uri.getPath();
  }

  /// Drops the token, unless another took its place already or it is the destination that is at fault.
  @Override
  public synchronized boolean disbelieved(Map<String, String> headers) {
    var known = token.get();
    if (known == null || !known.authorization().equals(headers.get("authorization"))) {
      return true;
    }
    long now = context.loop().nanoTime();
    if (now - disbelievedAtNs < DISBELIEF_EVERY.toNanos()) {
      return false;
    }
    disbelievedAtNs = now;
    token.compareAndSet(known, null);
    return true;
  }
}
