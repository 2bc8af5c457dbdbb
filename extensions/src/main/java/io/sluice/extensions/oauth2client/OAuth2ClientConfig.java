package io.sluice.extensions.oauth2client;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Secret;
import io.sluice.component.Unsupported;
import io.sluice.transport.tls.TlsClientConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// `extensions::oauth2client`.
public record OAuth2ClientConfig(
    @Doc("The client's id.") String clientId,
    @Doc("File with the client's id, instead of client_id; read again when it changes.")
        String clientIdFile,
    @Doc("The client's secret.") Secret clientSecret,
    @Doc("File with the client's secret, instead of client_secret; read again when it changes.")
        String clientSecretFile,
    @Doc("URL that gives tokens.") String tokenUrl,
    @Doc("More parameters of the request for a token, such as audience.")
        Map<String, List<String>> endpointParams,
    @Doc("What the token is to allow.") List<String> scopes,
    @Doc("TLS of the request for a token.") TlsClientConfig tls,
    @Doc("Longest time for a request for a token; 0 for 30s.") Duration timeout,
    @Doc("A token is renewed so long before it ends, at most half its life.") Duration expiryBuffer,
    @Unsupported("client_credentials is the one there is here")
        @Doc("How a token is asked for: client_credentials.")
        String grantType,
    @Unsupported("grant_type jwt-bearer is not here") @Doc("Key of a JWT.")
        String clientCertificateKey,
    @Unsupported("grant_type jwt-bearer is not here") @Doc("File with the key of a JWT.")
        String clientCertificateKeyFile,
    @Unsupported("grant_type jwt-bearer is not here") @Doc("Id of the key of a JWT.")
        String clientCertificateKeyId,
    @Unsupported("grant_type jwt-bearer is not here") @Doc("How a JWT is signed.")
        String signatureAlgorithm,
    @Unsupported("grant_type jwt-bearer is not here") @Doc("Who issues the JWT.") String iss,
    @Unsupported("grant_type jwt-bearer is not here") @Doc("Whom the JWT is for.") String audience,
    @Unsupported("grant_type jwt-bearer is not here") @Doc("What the JWT claims.")
        Map<String, Object> claims)
    implements Checked {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  public OAuth2ClientConfig {
    endpointParams = Map.copyOf(endpointParams);
    scopes = List.copyOf(scopes);
    claims = Map.copyOf(claims);
  }

  public static OAuth2ClientConfig defaults() {
    return new OAuth2ClientConfig(
        "",
        "",
        new Secret(""),
        "",
        "",
        Map.of(),
        List.of(),
        TlsClientConfig.defaults(),
        Duration.ZERO,
        Duration.ofMinutes(5),
        "client_credentials",
        "",
        "",
        "",
        "",
        "",
        "",
        Map.of());
  }

  Duration effectiveTimeout() {
    return timeout.isPositive() ? timeout : TIMEOUT;
  }

  @Override
  public void check(Findings findings) {
    findings.require(
        !(clientId.isEmpty() && clientIdFile.isEmpty()),
        "client_id",
        "missing (expected: client_id or client_id_file)");
    findings.require(
        !(clientSecret.value().isEmpty() && clientSecretFile.isEmpty()),
        "client_secret",
        "missing (expected: client_secret or client_secret_file)");
    findings.require(
        isUrl(), "token_url", "'" + tokenUrl + "' (expected: http:// or https:// with a host)");
    findings.require(!timeout.isNegative(), "timeout", timeout + " (expected: >= 0)");
    findings.require(
        !expiryBuffer.isNegative(), "expiry_buffer", expiryBuffer + " (expected: >= 0)");
    if (isUrl() && tokenUrl.startsWith("http://")) {
      findings.warning("token_url", "without TLS: the client's secret can be read on the way");
    }
  }

  private boolean isUrl() {
    try {
      var uri = URI.create(tokenUrl);
      var scheme = uri.getScheme();
      return uri.getHost() != null && ("http".equals(scheme) || "https".equals(scheme));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
