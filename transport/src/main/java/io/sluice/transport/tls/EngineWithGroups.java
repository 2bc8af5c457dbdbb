package io.sluice.transport.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// The JDK's engine with chosen key exchange groups, for which Vert.x has no setting.
final class EngineWithGroups extends JdkSSLEngineOptions {
  private final List<String> groups;

  EngineWithGroups(List<String> groups) {
    this.groups = groups;
  }

  @Override
  public EngineWithGroups copy() {
    return new EngineWithGroups(groups);
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new Factory(super.sslContextFactory(), groups);
  }

  private record Factory(SslContextFactory inner, List<String> groups)
      implements SslContextFactory {
    @Override
    public SslContextFactory useAlpn(boolean useAlpn) {
      inner.useAlpn(useAlpn);
      return this;
    }

    @Override
    public SslContextFactory forServer(ClientAuth clientAuth) {
      inner.forServer(clientAuth);
      return this;
    }

    @Override
    public SslContextFactory forClient(
        @Nullable SNIServerName serverName, @Nullable String identification) {
      inner.forClient(serverName, identification);
      return this;
    }

    @Override
    public SslContextFactory enabledProtocols(Set<String> protocols) {
      inner.enabledProtocols(protocols);
      return this;
    }

    @Override
    public SslContextFactory keyMananagerFactory(KeyManagerFactory keys) {
      inner.keyMananagerFactory(keys);
      return this;
    }

    @Override
    public SslContextFactory trustManagerFactory(TrustManagerFactory trust) {
      inner.trustManagerFactory(trust);
      return this;
    }

    @Override
    public SslContextFactory enabledCipherSuites(Set<String> suites) {
      inner.enabledCipherSuites(suites);
      return this;
    }

    @Override
    public SslContextFactory applicationProtocols(List<String> protocols) {
      inner.applicationProtocols(protocols);
      return this;
    }

    @Override
    public SslContext create() throws SSLException {
      return new WithGroups(inner.create(), groups);
    }
  }

  private static final class WithGroups extends DelegatingSslContext {
    private final List<String> groups;

    WithGroups(SslContext context, List<String> groups) {
      super(context);
      this.groups = groups;
    }

    @Override
    protected void initEngine(SSLEngine engine) {
      var parameters = engine.getSSLParameters();
      parameters.setNamedGroups(groups.toArray(String[]::new));
      engine.setSSLParameters(parameters);
    }
  }
}
