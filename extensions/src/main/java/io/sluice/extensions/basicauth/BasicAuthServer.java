package io.sluice.extensions.basicauth;

import io.sluice.component.ComponentContext;
import io.sluice.component.Extension;
import io.sluice.extensions.basicauth.BasicAuthConfig.HtpasswdConfig;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.auth.SecretFile;
import io.sluice.transport.auth.ServerAuthenticator;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Asks for a name and a password. Answers on any thread; the file is the loop's matter.
final class BasicAuthServer implements Extension, ServerAuthenticator {
  private static final String PREFIX = "Basic ";

  /// Passwords that wait to be checked; who comes then is told to come again.
  static final int WAITING_MAX = 256;

  /// Of one address, so that who guesses passwords does not keep others out.
  static final int WAITING_OF_PEER_MAX = 32;

  private static final int IDLE_SECONDS = 10;

  private final HtpasswdConfig config;
  private final ThreadPoolExecutor checks =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING_MAX),
          Thread.ofPlatform().daemon().name("sluice-basicauth").factory());
  private final @Nullable SecretFile file;
  private volatile Htpasswd users;

  /// Checks by the sender's address.
  private final Map<String, Integer> waiting = new ConcurrentHashMap<>();

  BasicAuthServer(HtpasswdConfig config, ComponentContext context) {
    this.config = config;
    checks.allowCoreThreadTimeOut(true);
    users = Htpasswd.parse(config.inline().value());
    file =
        config.file().isEmpty()
            ? null
            : new SecretFile("htpasswd::file", config.file(), context, this::read);
  }

  /// The later of two lines of one user counts.
  private void read(String text) {
    if (Htpasswd.parse(text).isEmpty()) {
      throw new IllegalArgumentException("no user in it (expected: name:hash a line)");
    }
    users = Htpasswd.parse(text + "\n" + config.inline().value()).after(users);
  }

  @Override
  public Future<Void> start() {
    return file == null ? Future.succeededFuture() : file.start();
  }

  @Override
  public Future<Void> stop() {
    if (file != null) {
      file.stop();
    }
    for (var left : checks.shutdownNow()) {
      if (left instanceof Check check) {
        check.promise.tryFail(AuthException.passing("shutting down"));
      }
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Map<String, String>> authenticate(Request request) {
    var shown = request.header("authorization");
    if (shown.isEmpty()) {
      return refused("no basic auth provided");
    }
    if (!shown.regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
      return refused("invalid authorization scheme prefix");
    }
    var pair = decoded(shown.substring(PREFIX.length()).strip());
    int colon = pair.indexOf(':');
    if (colon < 0) {
      return refused("invalid authorization format");
    }
    return checked(pair.substring(0, colon), pair.substring(colon + 1), request.peer());
  }

  private static String decoded(String text) {
    try {
      return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return "";
    }
  }

  private static Future<Map<String, String>> refused(String why) {
    return Future.failedFuture(new AuthException(why));
  }

  private Future<Map<String, String>> checked(String user, String password, String peer) {
    var now = users;
    if (now.isRemembered(user, password)) {
      return Future.succeededFuture(Map.of("username", user));
    }
    if (!now.isCostly(user)) {
      return result(now.matches(user, password), user);
    }
    var check = new Check(now, user, password, Promise.promise());
    boolean admitted = waiting.merge(peer, 1, Integer::sum) <= WAITING_OF_PEER_MAX;
    var answered = check.promise.future().onComplete(_ -> leave(peer));
    try {
      if (admitted) {
        checks.execute(check);
        return answered;
      }
    } catch (RejectedExecutionException _) { // as many wait already
    }
    check.promise.fail(AuthException.passing("too many passwords to check"));
    return answered;
  }

  private void leave(String peer) {
    waiting.compute(peer, (_, count) -> count == null || count <= 1 ? null : count - 1);
  }

  /// A password that waits to be checked.
  private record Check(
      Htpasswd users, String user, String password, Promise<Map<String, String>> promise)
      implements Runnable {
    @Override
    public void run() {
      boolean right = users.isRemembered(user, password) || users.matches(user, password);
      result(right, user).onComplete(promise);
    }

    @Override
    public String toString() {
      return "Check";
    }
  }

  private static Future<Map<String, String>> result(boolean right, String user) {
    return right
        ? Future.succeededFuture(Map.of("username", user))
        : refused("invalid credentials");
  }
}
