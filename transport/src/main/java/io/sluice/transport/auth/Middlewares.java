package io.sluice.transport.auth;

import java.util.List;

/// `middlewares`: no extension of ours is one yet, so an id can only be wrong. Said at start, not passed
/// over: what such an extension would do to a request may be what keeps others out.
public final class Middlewares {
  private Middlewares() {}

  /// Fails if there are any.
  ///
  /// @throws IllegalStateException naming the first
  public static void refuse(List<MiddlewareConfig> middlewares) {
    if (!middlewares.isEmpty()) {
      throw new IllegalStateException(
          "middlewares: '" + middlewares.getFirst().id() + "' is no middleware");
    }
  }
}
