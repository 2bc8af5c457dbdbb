package io.sluice.service;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Key;
import io.sluice.component.Secret;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// `otlp` under the exporters of `service::telemetry`: where own telemetry is sent.
///
/// @param protocol present in all that is valid
public record OtlpDestination(
    @Doc("grpc, http/protobuf or http/json.") Optional<Protocol> protocol,
    @Doc("Where to send: http:// or https:// with host and port; empty for this host.")
        String endpoint,
    @Doc("Headers to add to each request: a list of name and value.") Map<String, Secret> headers,
    @Doc("Headers as one text: name=value,name=value. Those of `headers` win.") Secret headersList,
    @Doc("Talk without TLS, if the endpoint says neither http:// nor https://.") boolean insecure,
    @Doc("File with the certificates (PEM) of the authorities to trust.") String certificate,
    @Doc("File with the own certificate chain (PEM).") String clientCertificate,
    @Doc("File with the private key (PEM).") String clientKey,
    @Doc("gzip or none.") Optional<Compression> compression,
    @Doc("Milliseconds that one request may take.") long timeout)
    implements Checked {
  private static final String HTTP = "http://";
  private static final String HTTPS = "https://";
  private static final long TIMEOUT_MS = 10_000;

  public enum Protocol {
    @Key("grpc")
    GRPC,
    @Key("http/protobuf")
    HTTP_PROTOBUF,
    @Key("http/json")
    HTTP_JSON
  }

  public enum Compression {
    GZIP,
    NONE
  }

  public OtlpDestination {
    headers = Map.copyOf(headers);
  }

  public static OtlpDestination defaults() {
    return new OtlpDestination(
        Optional.empty(),
        "",
        Map.of(),
        new Secret(""),
        false,
        "",
        "",
        "",
        Optional.empty(),
        TIMEOUT_MS);
  }

  /// The endpoint with its scheme.
  public String url() {
    if (endpoint.startsWith(HTTP) || endpoint.startsWith(HTTPS)) {
      return endpoint;
    }
    var port = protocol.equals(Optional.of(Protocol.GRPC)) ? 4317 : 4318;
    return (insecure ? HTTP : HTTPS) + (endpoint.isEmpty() ? "localhost:" + port : endpoint);
  }

  public boolean plaintext() {
    return url().startsWith(HTTP);
  }

  public boolean gzip() {
    return compression.equals(Optional.of(Compression.GZIP));
  }

  public Duration patience() {
    return Duration.ofMillis(timeout == 0 ? TIMEOUT_MS : timeout);
  }

  /// Both kinds of headers.
  ///
  /// @throws IllegalArgumentException if the list is none
  public Map<String, Secret> allHeaders() {
    var all = new LinkedHashMap<String, Secret>();
    for (var item : headersList.value().split(",", -1)) {
      if (!item.isBlank()) {
        int equals = item.indexOf('=');
        if (equals <= 0) {
          throw new IllegalArgumentException("not a list of headers (expected: name=value,...)");
        }
        all.put(
            item.substring(0, equals).strip(),
            new Secret(
                URLDecoder.decode(
                    item.substring(equals + 1).strip().replace("+", "%2B"),
                    StandardCharsets.UTF_8)));
      }
    }
    all.putAll(headers);
    return all;
  }

  @Override
  public void check(Findings findings) {
    findings.require(
        protocol.isPresent(), "protocol", "missing (expected: grpc, http/protobuf or http/json)");
    findings.require(timeout >= 0, "timeout", timeout + " (expected: >= 0)");
    findings.require(
        clientCertificate.isEmpty() == clientKey.isEmpty(),
        clientCertificate.isEmpty() ? "client_key" : "client_certificate",
        "given alone (expected: client_certificate and client_key together)");
    try {
      allHeaders();
    } catch (IllegalArgumentException _) {
      findings.error("headers_list", "not a list of headers (expected: name=value,...)");
    }
    if (!isUrl(url())) {
      findings.error("endpoint", "not a URL (expected: http://host:port)");
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
