package io.sluice.transport.grpc;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.EmptyIsOff;
import io.sluice.component.Findings;
import io.sluice.component.Ignored;
import io.sluice.component.Secret;
import io.sluice.component.Unsupported;
import io.sluice.transport.auth.AuthConfig;
import io.sluice.transport.auth.HeaderRules;
import io.sluice.transport.auth.MiddlewareConfig;
import io.sluice.transport.tls.TlsClientConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Settings of a gRPC client.
public record GrpcClientConfig(
    @Doc(
            "Where to send, host:port; https:// before it asks for TLS, dns:/// and unix:// are known.")
        String endpoint,
    @Doc("gzip, zstd, snappy, or none.") String compression,
    @Doc("TLS; on unless insecure.") TlsClientConfig tls,
    @Doc("Pings on quiet connections; off unless written.") @EmptyIsOff
        Optional<Keepalive> keepalive,
    @Ignored("reads are sized by the event loop") @Doc("Bytes of the read buffer.")
        long readBufferSize,
    @Ignored("writes are gathered by the event loop, there is no write buffer to size")
        @Doc("Bytes of the write buffer.")
        long writeBufferSize,
    @Doc("Wait for a connection, within the timeout, instead of failing at once.")
        boolean waitForReady,
    @Doc("Headers to add to each call.") Map<String, Secret> headers,
    @Doc("How to use several addresses: round_robin or pick_first.") String balancerName,
    @Doc("The :authority to send, if not the endpoint's host.") String authority,
    @Doc("The user agent to send; empty for our own.") String userAgent,
    @Doc("Who we say we are.") @EmptyIsOff Optional<AuthConfig> auth,
    @Unsupported("no extension here is a middleware") @Doc("Extensions that see every call.")
        List<MiddlewareConfig> middlewares)
    implements Checked {
  private static final Set<String> COMPRESSIONS = Set.of("", "none", "gzip", "zstd", "snappy");
  private static final Set<String> BALANCERS = Set.of("", "round_robin", "pick_first");

  public GrpcClientConfig {
    headers = Map.copyOf(headers);
    middlewares = List.copyOf(middlewares);
  }

  /// `keepalive` of a client.
  public record Keepalive(
      @Doc("Ping after a silence of this time; 0 for never.") Duration time,
      @Doc("Close a connection whose ping is not answered in this time; 0 for 20s.")
          Duration timeout,
      @Doc("Ping without calls too.") boolean permitWithoutStream)
      implements Checked {
    public static Keepalive defaults() {
      return new Keepalive(Duration.ofSeconds(10), Duration.ofSeconds(10), false);
    }

    @Override
    public void check(Findings findings) {
      findings.require(!time.isNegative(), "time", time + " (expected: >= 0)");
      findings.require(!timeout.isNegative(), "timeout", timeout + " (expected: >= 0)");
    }
  }

  public static GrpcClientConfig defaults() {
    return new GrpcClientConfig(
        "",
        "",
        TlsClientConfig.defaults(),
        Optional.empty(),
        0,
        0,
        false,
        Map.of(),
        "round_robin",
        "",
        "",
        Optional.empty(),
        List.of());
  }

  /// The same but for what differs most: where to, how compressed, whether encrypted.
  public GrpcClientConfig with(String endpoint, String compression, TlsClientConfig tls) {
    return new GrpcClientConfig(
        endpoint,
        compression,
        tls,
        keepalive,
        readBufferSize,
        writeBufferSize,
        waitForReady,
        headers,
        balancerName,
        authority,
        userAgent,
        auth,
        middlewares);
  }

  public GrpcClientConfig withWriteBufferSize(long bytes) {
    return new GrpcClientConfig(
        endpoint,
        compression,
        tls,
        keepalive,
        readBufferSize,
        bytes,
        waitForReady,
        headers,
        balancerName,
        authority,
        userAgent,
        auth,
        middlewares);
  }

  /// Whether what is sent can be read on the way.
  ///
  /// @throws IllegalArgumentException if the endpoint is none
  public boolean plaintext() {
    return tls.plaintext() && !GrpcTarget.of(this).tls();
  }

  /// Empty for none.
  public Optional<String> encoding() {
    return compression.isEmpty() || compression.equals("none")
        ? Optional.empty()
        : Optional.of(compression);
  }

  @Override
  public void check(Findings findings) {
    for (var name : headers.keySet()) {
      findings.require(
          HeaderRules.isGrpcName(name),
          "headers",
          "'" + name + "' (expected: letters, digits, '_', '-', '.', not ending in -bin)");
    }
    if (endpoint.isEmpty()) {
      findings.error("endpoint", "missing (expected: host:port)");
    } else {
      try {
        GrpcTarget.of(this);
      } catch (IllegalArgumentException e) {
        findings.error("endpoint", String.valueOf(e.getMessage()));
      }
    }
    findings.require(
        COMPRESSIONS.contains(compression),
        "compression",
        "'" + compression + "' (expected: gzip, zstd, snappy or none)");
    findings.require(
        BALANCERS.contains(balancerName),
        "balancer_name",
        "'" + balancerName + "' (expected: round_robin or pick_first)");
  }
}
