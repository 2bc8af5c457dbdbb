package io.sluice.transport.grpc;

import io.sluice.transport.Endpoint;

/// A client's endpoint, taken apart.
///
/// @param address for the resolver, or a path for a unix socket
/// @param tls whether the endpoint itself asks for it
record GrpcTarget(String address, boolean unix, boolean tls) {
  private static final String HTTP = "http://";
  private static final String HTTPS = "https://";
  private static final String DNS = "dns:///";
  private static final String PASSTHROUGH = "passthrough:///";
  private static final String UNIX = "unix:";

  /// Reads the endpoint. `http://` says nothing: whether TLS is spoken is the `tls` section's matter.
  ///
  /// @throws IllegalArgumentException saying what was found and what is expected
  static GrpcTarget of(GrpcClientConfig config) {
    var text = config.endpoint();
    if (text.startsWith(UNIX)) {
      var path = text.substring(UNIX.length());
      return new GrpcTarget(path.startsWith("//") ? path.substring(2) : path, true, false);
    }
    boolean tls = text.startsWith(HTTPS);
    for (var prefix : new String[] {HTTPS, HTTP, DNS, PASSTHROUGH}) {
      if (text.startsWith(prefix)) {
        text = text.substring(prefix.length());
        break;
      }
    }
    if (text.startsWith("dns://")) {
      return new GrpcTarget(text, false, false);
    }
    if (text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    return new GrpcTarget(DNS + Endpoint.parse(text), false, tls);
  }
}
