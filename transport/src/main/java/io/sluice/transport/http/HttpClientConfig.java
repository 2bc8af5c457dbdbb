package io.sluice.transport.http;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.EmptyIsOff;
import io.sluice.component.Findings;
import io.sluice.component.Ignored;
import io.sluice.component.Secret;
import io.sluice.component.Unsupported;
import io.sluice.transport.auth.AuthConfig;
import io.sluice.transport.auth.MiddlewareConfig;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.tls.TlsClientConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Settings of an HTTP client.
public record HttpClientConfig(
    @Doc("Where to send, http:// or https://.") String endpoint,
    @Doc("Proxy to send through; empty for what HTTP_PROXY, HTTPS_PROXY and NO_PROXY say.")
        String proxyUrl,
    @Doc("TLS, for https endpoints.") TlsClientConfig tls,
    @Doc("Headers to add to each request; Host too.") Map<String, Secret> headers,
    @Doc("Who we say we are.") @EmptyIsOff Optional<AuthConfig> auth,
    @Unsupported("no extension here is a middleware") @Doc("Extensions that see every request.")
        List<MiddlewareConfig> middlewares,
    @Doc("Longest time for one request, its answer included; 0 for no limit.") Duration timeout,
    @Doc("gzip, zstd, snappy, x-snappy-framed, zlib, deflate, lz4, or none.") String compression,
    @Doc("Settings of the compression.") CompressionParams compressionParams,
    @Ignored("reads are sized by the event loop") @Doc("Bytes of the read buffer.")
        long readBufferSize,
    @Ignored("writes are gathered by the event loop, there is no write buffer to size")
        @Doc("Bytes of the write buffer.")
        long writeBufferSize,
    @Ignored("idle connections are ended by idle_conn_timeout, whatever their number")
        @Doc("Idle connections kept in all.")
        int maxIdleConns,
    @Ignored("idle connections are ended by idle_conn_timeout, whatever their number")
        @Doc("Idle connections kept for each host.")
        int maxIdleConnsPerHost,
    @Doc("Connections to a host at one time; 0 for no limit.") int maxConnsPerHost,
    @Doc("Close a connection that is idle for so long; 0 for never.") Duration idleConnTimeout,
    @Doc("A new connection for each request.") boolean disableKeepAlives,
    @Ignored("HTTP/2 connections are watched by idle_conn_timeout and timeout")
        @Doc("Ping an HTTP/2 connection after this silence; 0 for never.")
        Duration http2ReadIdleTimeout,
    @Ignored("HTTP/2 connections are watched by idle_conn_timeout and timeout")
        @Doc("Close an HTTP/2 connection whose ping is not answered.")
        Duration http2PingTimeout,
    @Doc("Offer HTTP/2 where there is TLS.") boolean forceAttemptHttp2,
    @Doc("Cookies of answers.") Cookies cookies)
    implements Checked {
  public HttpClientConfig {
    headers = Map.copyOf(headers);
    middlewares = List.copyOf(middlewares);
  }

  /// `compression_params`.
  ///
  /// @param level absent or zero: a fast one
  public record CompressionParams(
      @Doc("Level, in the codec's own numbers; absent for a fast one.") Optional<Integer> level) {
    public static CompressionParams defaults() {
      return new CompressionParams(Optional.empty());
    }
  }

  /// `cookies`.
  public record Cookies(
      @Ignored("cookies of answers are not kept") @Doc("Send back the cookies of answers.")
          boolean enabled) {
    public static Cookies defaults() {
      return new Cookies(false);
    }
  }

  public static HttpClientConfig defaults() {
    return new HttpClientConfig(
        "",
        "",
        TlsClientConfig.defaults(),
        Map.of(),
        Optional.empty(),
        List.of(),
        Duration.ZERO,
        "",
        CompressionParams.defaults(),
        0,
        0,
        100,
        0,
        0,
        Duration.ofSeconds(90),
        false,
        Duration.ZERO,
        Duration.ZERO,
        true,
        Cookies.defaults());
  }

  /// The same but for what differs from exporter to exporter.
  public HttpClientConfig with(
      String endpoint, Duration timeout, String compression, long writeBufferSize) {
    return new HttpClientConfig(
        endpoint,
        proxyUrl,
        tls,
        headers,
        auth,
        middlewares,
        timeout,
        compression,
        compressionParams,
        readBufferSize,
        writeBufferSize,
        maxIdleConns,
        maxIdleConnsPerHost,
        maxConnsPerHost,
        idleConnTimeout,
        disableKeepAlives,
        http2ReadIdleTimeout,
        http2PingTimeout,
        forceAttemptHttp2,
        cookies);
  }

  /// The same with another way to speak TLS.
  public HttpClientConfig with(TlsClientConfig tls) {
    return new HttpClientConfig(
        endpoint,
        proxyUrl,
        tls,
        headers,
        auth,
        middlewares,
        timeout,
        compression,
        compressionParams,
        readBufferSize,
        writeBufferSize,
        maxIdleConns,
        maxIdleConnsPerHost,
        maxConnsPerHost,
        idleConnTimeout,
        disableKeepAlives,
        http2ReadIdleTimeout,
        http2PingTimeout,
        forceAttemptHttp2,
        cookies);
  }

  /// The same with these headers and this authenticator.
  public HttpClientConfig with(Map<String, Secret> headers, Optional<AuthConfig> auth) {
    return new HttpClientConfig(
        endpoint,
        proxyUrl,
        tls,
        headers,
        auth,
        middlewares,
        timeout,
        compression,
        compressionParams,
        readBufferSize,
        writeBufferSize,
        maxIdleConns,
        maxIdleConnsPerHost,
        maxConnsPerHost,
        idleConnTimeout,
        disableKeepAlives,
        http2ReadIdleTimeout,
        http2PingTimeout,
        forceAttemptHttp2,
        cookies);
  }

  /// Empty for none.
  public Optional<Codec> codec() {
    return compression.isEmpty() || compression.equals("none")
        ? Optional.empty()
        : Codec.ofContentEncoding(compression);
  }

  public OptionalInt level() {
    return compressionParams.level().stream().mapToInt(Integer::intValue).findFirst();
  }

  @Override
  public void check(Findings findings) {
    boolean none = compression.isEmpty() || compression.equals("none");
    findings.require(
        none || codec().isPresent(),
        "compression",
        "'"
            + compression
            + "' (expected: gzip, zstd, snappy, x-snappy-framed, zlib, deflate, lz4 or none)");
    level().ifPresent(level -> checkLevel(level, findings));
    findings.require(!timeout.isNegative(), "timeout", timeout + " (expected: >= 0)");
    findings.require(
        maxConnsPerHost >= 0, "max_conns_per_host", maxConnsPerHost + " (expected: >= 0)");
    findings.require(
        !idleConnTimeout.isNegative(), "idle_conn_timeout", idleConnTimeout + " (expected: >= 0)");
    if (!proxyUrl.isEmpty()) {
      try {
        Proxy.parse(proxyUrl);
      } catch (IllegalArgumentException e) {
        findings.error("proxy_url", String.valueOf(e.getMessage()));
      }
    }
  }

  private void checkLevel(int level, Findings findings) {
    int min = 0;
    int max = 0;
    switch (codec().orElse(null)) {
      case GZIP, ZLIB -> {
        min = -2;
        max = 9;
      }
      case ZSTD -> {
        min = 1;
        max = 22;
      }
      case SNAPPY, SNAPPY_FRAMED, LZ4 -> {}
      case null -> {}
    }
    findings.require(
        level >= min && level <= max,
        "compression_params::level",
        level + " (expected: " + (min == max ? "none" : min + " to " + max) + ")");
  }
}
