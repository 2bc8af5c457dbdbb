package io.sluice.transport.http;

import io.sluice.wire.Bytes;

/// What a destination answered.
///
/// @param contentType without parameters, in lower case; empty if it did not say
/// @param retryAfter the header as it came; empty if there was none
/// @param body as much of it as was taken
public record HttpResponse(
    int status, String statusText, String contentType, String retryAfter, Bytes body) {
  public boolean successful() {
    return status >= 200 && status < 300;
  }
}
