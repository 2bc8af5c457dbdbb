package io.sluice.transport.http;

import io.sluice.component.Checked;
import io.sluice.component.ComponentId;
import io.sluice.component.Doc;
import io.sluice.component.EmptyIsOff;
import io.sluice.component.Findings;
import io.sluice.component.Secret;
import io.sluice.component.Unsupported;
import io.sluice.transport.Endpoint;
import io.sluice.transport.Network;
import io.sluice.transport.auth.AuthConfig;
import io.sluice.transport.auth.MiddlewareConfig;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.tls.TlsServerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Settings of an HTTP server.
public record HttpServerConfig(
    @Doc("Where to listen, host:port.") String endpoint,
    @Doc("tcp, tcp4, tcp6, or unix with a path as endpoint.") Network transport,
    @Doc("TLS; off unless written.") @EmptyIsOff Optional<TlsServerConfig> tls,
    @Doc("Who may send; everybody unless written.") @EmptyIsOff Optional<Auth> auth,
    @Doc("What browsers may send from other origins; off unless written.") @EmptyIsOff
        Optional<CorsConfig> cors,
    @Doc("Largest body in bytes, as sent and when decompressed; 0 for 20 MiB.")
        long maxRequestBodySize,
    @Doc("Keep the request's headers with the data.") boolean includeMetadata,
    @Doc("Headers to add to every answer.") Map<String, Secret> responseHeaders,
    @Doc("Content encodings taken, \"\" for none; an empty list takes bodies as they are.")
        List<String> compressionAlgorithms,
    @Doc("Longest time to read a request; 0 for no limit.") Duration readTimeout,
    @Doc("Longest wait for the first request of a connection; 0 for 1m.")
        Duration readHeaderTimeout,
    @Doc("Longest time from a request to the end of its answer; 0 for no limit.")
        Duration writeTimeout,
    @Doc("Close a connection that is silent for so long; 0 for 10m.") Duration idleTimeout,
    @Doc("Serve several requests on a connection.") boolean keepAlivesEnabled,
    @Unsupported("no extension here is a middleware") @Doc("Extensions that see every request.")
        List<MiddlewareConfig> middlewares)
    implements Checked {
  private static final List<String> COMPRESSION_ALGORITHMS =
      List.of("", "gzip", "zstd", "zlib", "snappy", "deflate", "lz4", "x-snappy-framed");
  private static final int BODY_BYTES_DEFAULT = 20 << 20;
  private static final int BODY_BYTES_MAX = Integer.MAX_VALUE - 64;

  public HttpServerConfig {
    responseHeaders = Map.copyOf(responseHeaders);
    compressionAlgorithms = List.copyOf(compressionAlgorithms);
    middlewares = List.copyOf(middlewares);
  }

  /// `auth` of an HTTP server.
  public record Auth(
      @Doc("Id of the extension that authenticates.") ComponentId authenticator,
      @Doc("Query parameters the authenticator sees besides the headers.")
          List<String> requestParams) {
    public Auth {
      requestParams = List.copyOf(requestParams);
    }

    public static Auth defaults() {
      return new Auth(AuthConfig.defaults().authenticator(), List.of());
    }
  }

  public static HttpServerConfig defaults() {
    return new HttpServerConfig(
        "",
        Network.TCP,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        false,
        Map.of(),
        COMPRESSION_ALGORITHMS,
        Duration.ZERO,
        Duration.ofMinutes(1),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        true,
        List.of());
  }

  /// The same, listening elsewhere.
  public HttpServerConfig at(String endpoint) {
    return new HttpServerConfig(
        endpoint,
        transport,
        tls,
        auth,
        cors,
        maxRequestBodySize,
        includeMetadata,
        responseHeaders,
        compressionAlgorithms,
        readTimeout,
        readHeaderTimeout,
        writeTimeout,
        idleTimeout,
        keepAlivesEnabled,
        middlewares);
  }

  /// For OTLP: another endpoint, and nothing that ends a slow exporter's connection.
  public HttpServerConfig withoutTimeouts(String endpoint) {
    return new HttpServerConfig(
        endpoint,
        transport,
        tls,
        auth,
        cors,
        maxRequestBodySize,
        includeMetadata,
        responseHeaders,
        compressionAlgorithms,
        readTimeout,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        keepAlivesEnabled,
        middlewares);
  }

  public int bodyBytesMax() {
    return maxRequestBodySize <= 0
        ? BODY_BYTES_DEFAULT
        : (int) Math.min(maxRequestBodySize, BODY_BYTES_MAX);
  }

  @Override
  public void check(Findings findings) {
    Endpoint.check(endpoint, transport, findings);
    for (var name : compressionAlgorithms) {
      findings.require(
          name.isEmpty() || Codec.ofContentEncoding(name).isPresent(),
          "compression_algorithms",
          "'" + name + "' (expected: of " + COMPRESSION_ALGORITHMS + ")");
    }
    notNegative(findings, "read_timeout", readTimeout);
    notNegative(findings, "read_header_timeout", readHeaderTimeout);
    notNegative(findings, "write_timeout", writeTimeout);
    notNegative(findings, "idle_timeout", idleTimeout);
  }

  private static void notNegative(Findings findings, String key, Duration duration) {
    findings.require(!duration.isNegative(), key, duration + " (expected: >= 0)");
  }
}
