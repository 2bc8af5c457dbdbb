package io.sluice.extensions.basicauth;

import io.sluice.component.ComponentContext;
import io.sluice.component.Extension;
import io.sluice.extensions.basicauth.BasicAuthConfig.ClientAuth;
import io.sluice.transport.auth.ClientAuthenticator;
import io.sluice.transport.auth.SecretFile;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Shows a name and a password. Answers on any thread; the files are the loop's matter.
final class BasicAuthClient implements Extension, ClientAuthenticator {
  private final List<SecretFile> files = new ArrayList<>();
  private String username;
  private String password;
  private volatile String authorization;

  BasicAuthClient(ClientAuth config, ComponentContext context) {
    username = config.username();
    password = config.password().value();
    authorization = coded();
    if (!config.usernameFile().isEmpty()) {
      files.add(new SecretFile("username_file", config.usernameFile(), context, this::username));
    }
    if (!config.passwordFile().isEmpty()) {
      files.add(new SecretFile("password_file", config.passwordFile(), context, this::password));
    }
  }

  private void username(String text) {
    if (text.indexOf(':') >= 0) {
      throw new IllegalArgumentException("a colon in a user's name (expected: none)");
    }
    username = text.strip();
    authorization = coded();
  }

  private void password(String text) {
    password = text.strip();
    authorization = coded();
  }

  private String coded() {
    var pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  @Override
  public Future<Void> start() {
    return Future.all(files.stream().map(SecretFile::start).toList()).mapEmpty();
  }

  @Override
  public Future<Void> stop() {
    files.forEach(SecretFile::stop);
    return Future.succeededFuture();
  }

  @Override
  public Future<Map<String, String>> headers(Request request) {
    var headers = new HashMap<>(request.headers());
    headers.put("authorization", authorization);
    return Future.succeededFuture(headers);
  }
}
