package io.sluice.transport.tls;

import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;

/// TLS for gRPC's Netty.
public final class GrpcTls {
  private GrpcTls() {}

  public static SslContext server(TlsServerConfig config) throws IOException {
    throw new IOException("tls: not yet " + config);
  }
}
