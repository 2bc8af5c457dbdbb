package io.sluice.exporters.otlp;

import io.sluice.component.Checked;
import io.sluice.component.ComponentContext;
import io.sluice.component.Delivery;
import io.sluice.component.Doc;
import io.sluice.component.EmptyIsOff;
import io.sluice.component.Findings;
import io.sluice.component.Loop;
import io.sluice.component.QueueConfig;
import io.sluice.component.RetryConfig;
import io.sluice.component.Secret;
import io.sluice.transport.auth.AuthConfig;
import io.sluice.transport.grpc.GrpcClientConfig;
import io.sluice.transport.http.HttpClientConfig;
import io.sluice.transport.tls.TlsClientConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What exporters to a backend have in common that speaks OTLP by both protocols: the settings that both
/// have, one endpoint, and the usual ports.
public record OtlpPreset(
    @Doc("grpc or http.") Protocol protocol,
    @Doc("Where to send: a host, host:port, or for http a URL.") String endpoint,
    @Doc("gzip, zstd, snappy, or none; for http also those of otlp_http.") String compression,
    @Doc("TLS; on unless insecure.") TlsClientConfig tls,
    @Doc("Headers to add to each request.") Map<String, Secret> headers,
    @Doc("Who we say we are.") @EmptyIsOff Optional<AuthConfig> auth,
    @Doc("Longest time for one attempt; 0 for no limit.") Duration timeout,
    @Doc("What happens when an attempt fails.") RetryConfig retryOnFailure,
    @Doc("Where batches wait; on unless disabled.") Optional<QueueConfig> sendingQueue)
    implements Checked {
  /// What carries OTLP.
  public enum Protocol {
    GRPC(4317),
    HTTP(4318);

    private final int port;

    Protocol(int port) {
      this.port = port;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public OtlpPreset {
    headers = Map.copyOf(headers);
  }

  public static OtlpPreset defaults() {
    return new OtlpPreset(
        Protocol.GRPC,
        "localhost",
        "gzip",
        TlsClientConfig.defaults(),
        Map.of(),
        Optional.empty(),
        Duration.ofSeconds(10),
        RetryConfig.defaults(),
        Optional.of(QueueConfig.defaults()));
  }

  /// With the usual port where none is written, and for HTTP the scheme that TLS asks for. What gRPC knows
  /// besides, such as `dns:///` and `unix://`, says itself where to go.
  String address() {
    int slashes = endpoint.indexOf("://");
    if (slashes >= 0 && !endpoint.startsWith("http://") && !endpoint.startsWith("https://")) {
      return endpoint;
    }
    var scheme =
        slashes >= 0
            ? endpoint.substring(0, slashes + 3)
            : protocol == Protocol.GRPC ? "" : tls.plaintext() ? "http://" : "https://";
    var rest = slashes >= 0 ? endpoint.substring(slashes + 3) : endpoint;
    int path = rest.indexOf('/');
    var host = path < 0 ? rest : rest.substring(0, path);
    boolean bare = host.lastIndexOf(':') <= host.lastIndexOf(']');
    return scheme + host + (bare ? ":" + protocol.port : "") + rest.substring(host.length());
  }

  private OtlpGrpcExporterConfig grpc() {
    var d = GrpcClientConfig.defaults();
    var client =
        new GrpcClientConfig(
            address(),
            compression,
            tls,
            d.keepalive(),
            d.readBufferSize(),
            d.writeBufferSize(),
            d.waitForReady(),
            headers,
            d.balancerName(),
            d.authority(),
            d.userAgent(),
            auth,
            d.middlewares());
    return new OtlpGrpcExporterConfig(client, timeout, retryOnFailure, sendingQueue);
  }

  private OtlpHttpExporterConfig http() {
    var client =
        HttpClientConfig.defaults()
            .with(address(), timeout, compression, 0)
            .with(tls)
            .with(headers, auth);
    return new OtlpHttpExporterConfig(
        client,
        OtlpHttpExporterConfig.Encoding.PROTO,
        "",
        "",
        "",
        "",
        retryOnFailure,
        sendingQueue);
  }

  public OtlpExporter exporter(ComponentContext context) {
    return switch (protocol) {
      case GRPC -> new OtlpGrpcExporter(grpc(), context, System.getenv());
      case HTTP -> new OtlpHttpExporter(http(), context, System.getenv());
    };
  }

  public Loop.Family family() {
    return protocol == Protocol.GRPC ? Loop.Family.GRPC : Loop.Family.HTTP;
  }

  public Delivery delivery() {
    return new Delivery(timeout, retryOnFailure, sendingQueue);
  }

  @Override
  public void check(Findings findings) {
    findings.require(!timeout.isNegative(), "timeout", timeout + " (expected: >= 0)");
    switch (protocol) {
      case GRPC -> grpc().client().check(findings);
      case HTTP -> http().client().check(findings);
    }
    if (protocol == Protocol.HTTP && !isUrl(address())) {
      findings.error("endpoint", "'" + endpoint + "' (expected: host:port or a URL)");
    }
  }

  private static boolean isUrl(String text) {
    try {
      return URI.create(text).getHost() != null;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
