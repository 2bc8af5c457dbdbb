package io.sluice.transport.grpc;

import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.ProxiedSocketAddress;
import io.grpc.ProxyDetector;
import io.sluice.transport.ProxyRules;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The proxy of the environment, asked by CONNECT. As in Go's gRPC it is always that of `HTTPS_PROXY`,
/// whether TLS is spoken or not.
final class EnvironmentProxy implements ProxyDetector {
  private static final int PORT_DEFAULT = 80;

  private final Map<String, String> environment;

  EnvironmentProxy(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable ProxiedSocketAddress proxyFor(SocketAddress target) throws IOException {
    if (!(target instanceof InetSocketAddress address)) {
      return null;
    }
    var url = ProxyRules.urlFor(true, address.getHostString(), address.getPort(), environment);
    return url.isEmpty() ? null : through(proxy(url.get()), address);
  }

  private static URI proxy(String url) throws IOException {
    try {
      var uri = URI.create(url);
      if ("http".equals(uri.getScheme()) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // said below, without what may be a password
    }
    throw new IOException("HTTPS_PROXY (expected: http://host:port)");
  }

  private static ProxiedSocketAddress through(URI proxy, InetSocketAddress target) {
    int port = proxy.getPort() < 0 ? PORT_DEFAULT : proxy.getPort();
    var builder =
        HttpConnectProxiedSocketAddress.newBuilder()
            .setTargetAddress(target)
            .setProxyAddress(new InetSocketAddress(proxy.getHost(), port));
    if (proxy.getUserInfo() != null) {
      var parts = proxy.getUserInfo().split(":", 2);
      builder.setUsername(parts[0]).setPassword(parts.length > 1 ? parts[1] : "");
    }
    return builder.build();
  }
}
