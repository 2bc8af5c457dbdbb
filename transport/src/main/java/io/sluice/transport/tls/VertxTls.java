package io.sluice.transport.tls;

import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;
import io.netty.handler.ssl.util.TrustManagerFactoryWrapper;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TCPSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import javax.net.ssl.TrustManager;

/// TLS for Vert.x.
public final class VertxTls {
  private VertxTls() {}

  public static void server(TlsServerConfig config, InstantSource clock, HttpServerOptions options)
      throws IOException {
    common(config.common(), options);
    options.setUseAlpn(true).setKeyCertOptions(keys(config.common(), clock));
    if (!config.clientCaFile().isEmpty()) {
      options.setTrustOptions(trust(Trust.ofClients(config))).setClientAuth(ClientAuth.REQUIRED);
    }
  }

  public static void client(TlsClientConfig config, InstantSource clock, HttpClientOptions options)
      throws IOException {
    common(config.common(), options);
    options
        .setTrustOptions(
            trust(
                config.insecureSkipVerify()
                    ? new TrustAnybody()
                    : Trust.ofServers(config.common())))
        .setVerifyHost(!config.insecureSkipVerify());
    if (config.common().hasCert()) {
      options.setKeyCertOptions(keys(config.common(), clock));
    }
  }

  /// By Netty's factories: those of Vert.x for single managers need a logging library we do not have.
  private static TrustOptions trust(TrustManager manager) {
    return TrustOptions.wrap(new TrustManagerFactoryWrapper(manager));
  }

  private static KeyCertOptions keys(TlsConfig config, InstantSource clock) throws IOException {
    return KeyCertOptions.wrap(new KeyManagerFactoryWrapper(new OwnKeys(config, clock)));
  }

  private static void common(TlsConfig config, TCPSSLOptions options) {
    options.setSsl(true);
    options.setEnabledSecureTransportProtocols(new LinkedHashSet<>(TlsNames.protocols(config)));
    TlsNames.suites(config).forEach(options::addEnabledCipherSuite);
    var groups = TlsNames.groups(config);
    if (!groups.isEmpty()) {
      options.setSslEngineOptions(new EngineWithGroups(groups));
    }
  }
}
