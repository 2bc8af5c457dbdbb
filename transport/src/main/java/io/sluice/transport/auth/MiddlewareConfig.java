package io.sluice.transport.auth;

import io.sluice.component.ComponentId;
import io.sluice.component.Doc;

/// One entry of `middlewares`.
public record MiddlewareConfig(@Doc("Id of the extension.") ComponentId id) {
  public static MiddlewareConfig defaults() {
    return new MiddlewareConfig(new ComponentId("", ""));
  }
}
