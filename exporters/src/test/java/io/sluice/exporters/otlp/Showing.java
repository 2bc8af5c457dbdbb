package io.sluice.exporters.otlp;

import io.sluice.component.ComponentContext;
import io.sluice.component.Extension;
import io.sluice.testkit.Contexts;
import io.sluice.transport.auth.ClientAuthenticator;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Shows the number of the proof, which rises with each that is not believed.
final class Showing implements Extension, ClientAuthenticator {
  private final boolean secret;
  private int proof = 1;

  Showing(boolean secret) {
    this.secret = secret;
  }

  @Override
  public Future<Map<String, String>> headers(Request request) {
    var headers = new HashMap<>(request.headers());
    headers.put("authorization", "proof " + proof);
    return Future.succeededFuture(headers);
  }

  @Override
  public boolean disbelieved(Map<String, String> headers) {
    proof++;
    return true;
  }

  @Override
  public boolean secret() {
    return secret;
  }

  /// The same context, where this runs under any id.
  ComponentContext in(ComponentContext context) {
    return in(context, this);
  }

  static ComponentContext in(ComponentContext context, Extension extension) {
    ComponentContext.Extensions any = _ -> Optional.of(extension);
    return Contexts.with(any, context);
  }
}
