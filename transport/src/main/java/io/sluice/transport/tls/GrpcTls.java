package io.sluice.transport.tls;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.DelegatingSslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLEngine;

/// TLS for gRPC's Netty. By the JDK's engine, as for Vert.x, so that both know the same suites.
public final class GrpcTls {
  private GrpcTls() {}

  public static SslContext server(TlsServerConfig config, InstantSource clock) throws IOException {
    var builder = SslContextBuilder.forServer(new OwnKeys(config.common(), clock));
    if (!config.clientCaFile().isEmpty()) {
      builder.trustManager(Trust.ofClients(config)).clientAuth(ClientAuth.REQUIRE);
    }
    return build(builder, config.common());
  }

  public static SslContext client(TlsClientConfig config, InstantSource clock) throws IOException {
    var builder =
        SslContextBuilder.forClient()
            .trustManager(
                config.insecureSkipVerify()
                    ? new TrustAnybody()
                    : Trust.ofServers(config.common()));
    if (config.common().hasCert()) {
      builder.keyManager(new OwnKeys(config.common(), clock));
    }
    return build(builder, config.common());
  }

  private static SslContext build(SslContextBuilder builder, TlsConfig config) throws IOException {
    GrpcSslContexts.configure(builder, SslProvider.JDK).protocols(TlsNames.protocols(config));
    var suites = TlsNames.suites(config);
    if (!suites.isEmpty()) {
      builder.ciphers(suites);
    }
    var groups = TlsNames.groups(config);
    var context = builder.build();
    return groups.isEmpty() ? context : new WithGroups(context, groups);
  }

  /// Netty has no setting for key exchange groups; the engine has.
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
