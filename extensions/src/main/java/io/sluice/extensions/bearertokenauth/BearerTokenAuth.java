package io.sluice.extensions.bearertokenauth;

import io.sluice.component.ComponentContext;
import io.sluice.component.Extension;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.auth.ClientAuthenticator;
import io.sluice.transport.auth.HeaderRules;
import io.sluice.transport.auth.SecretFile;
import io.sluice.transport.auth.ServerAuthenticator;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Both sides of it. Answers on any thread; the file is the loop's matter.
final class BearerTokenAuth implements Extension, ClientAuthenticator, ServerAuthenticator {
  private final BearerTokenAuthConfig config;
  private final ComponentContext context;
  private final String header;
  private final String prefix;
  private volatile List<String> tokens;
  private @Nullable SecretFile file;

  BearerTokenAuth(BearerTokenAuthConfig config, ComponentContext context) {
    this.config = config;
    this.context = context;
    header = config.header().toLowerCase(Locale.ROOT);
    prefix = config.scheme().isEmpty() ? "" : config.scheme() + " ";
    tokens = config.filename().isEmpty() ? config.written() : List.of();
  }

  @Override
  public Future<Void> start() {
    if (config.filename().isEmpty()) {
      return Future.succeededFuture();
    }
    file = new SecretFile("filename", config.filename(), context, this::read);
    return file.start();
  }

  private void read(String text) {
    var read = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    if (read.isEmpty()) {
      throw new IllegalArgumentException("no token in it (expected: one a line)");
    }
    if (!read.stream().allMatch(HeaderRules::isValue)) {
      throw new IllegalArgumentException("a token of characters that no header can hold");
    }
    tokens = read;
  }

  @Override
  public Future<Void> stop() {
    if (file != null) {
      file.stop();
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Map<String, String>> headers(ClientAuthenticator.Request request) {
    var now = tokens;
    if (now.isEmpty()) {
      return Future.failedFuture(AuthException.passing("no token has been read"));
    }
    var headers = new HashMap<>(request.headers());
    headers.put(header, prefix + now.getFirst());
    return Future.succeededFuture(headers);
  }

  @Override
  public Future<Map<String, String>> authenticate(ServerAuthenticator.Request request) {
    var shown = request.header(header);
    if (shown.isEmpty()) {
      return Future.failedFuture(
          new AuthException("missing or empty authorization header: " + config.header()));
    }
    return isKnown(shown)
        ? Future.succeededFuture(Map.of())
        : Future.failedFuture(new AuthException("scheme or token does not match"));
  }

  @Override
  public Set<String> proofs() {
    return Set.of(header);
  }

  /// The time it takes tells nothing of the tokens.
  private boolean isKnown(String shown) {
    if (!shown.regionMatches(true, 0, prefix, 0, prefix.length())) {
      return false;
    }
    var token = shown.substring(prefix.length()).getBytes(StandardCharsets.UTF_8);
    boolean known = false;
    for (var each : tokens) {
      known |= MessageDigest.isEqual(each.getBytes(StandardCharsets.UTF_8), token);
    }
    return known;
  }
}
