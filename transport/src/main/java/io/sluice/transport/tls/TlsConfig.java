package io.sluice.transport.tls;

import io.sluice.component.Checked;
import io.sluice.component.Doc;
import io.sluice.component.Findings;
import io.sluice.component.Secret;
import io.sluice.component.Unsupported;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The TLS keys that clients and servers share. An empty text means absent.
public record TlsConfig(
    @Doc("File with the certificates (PEM) of the authorities to trust.") String caFile,
    @Doc("The certificates (PEM) of the authorities to trust.") Secret caPem,
    @Doc("Trust the authorities of the system as well.") boolean includeSystemCaCertsPool,
    @Doc("File with the own certificate chain (PEM).") String certFile,
    @Doc("The own certificate chain (PEM).") Secret certPem,
    @Doc("File with the private key (PEM).") String keyFile,
    @Doc("The private key (PEM).") Secret keyPem,
    @Doc("Oldest version offered: 1.0, 1.1, 1.2 or 1.3.") String minVersion,
    @Doc("Newest version offered; empty for the newest there is.") String maxVersion,
    @Doc("Cipher suites for TLS up to 1.2 by their IANA names; empty for a safe choice.")
        List<String> cipherSuites,
    @Doc("Allow cipher suites that are known to be weak.") boolean includeInsecureCipherSuites,
    @Doc("Key exchange groups: X25519, P521, P256, P384, X25519MLKEM768; empty for the default.")
        List<String> curvePreferences,
    @Doc("Read certificate and key again after this time; 0 for never.") Duration reloadInterval,
    @Doc("Keep the private key in a trusted platform module.") Optional<Tpm> tpm)
    implements Checked {
  private static final Secret ABSENT = new Secret("");
  private static final String VERSION_MIN_DEFAULT = "1.2";

  public TlsConfig {
    cipherSuites = List.copyOf(cipherSuites);
    curvePreferences = List.copyOf(curvePreferences);
  }

  /// `tpm`.
  public record Tpm(
      @Unsupported("keys come from files or from the configuration") @Doc("Whether to use it.")
          boolean enabled,
      @Doc("Path of the device.") String path,
      @Doc("Password of the owner.") Secret ownerAuth,
      @Doc("Password of the key.") Secret auth) {
    public static Tpm defaults() {
      return new Tpm(false, "", ABSENT, ABSENT);
    }
  }

  public static TlsConfig defaults() {
    return new TlsConfig(
        "",
        ABSENT,
        false,
        "",
        ABSENT,
        "",
        ABSENT,
        VERSION_MIN_DEFAULT,
        "",
        List.of(),
        false,
        List.of(),
        Duration.ZERO,
        Optional.empty());
  }

  public boolean hasCa() {
    return !caFile.isEmpty() || !caPem.value().isEmpty();
  }

  public boolean hasCert() {
    return !certFile.isEmpty() || !certPem.value().isEmpty();
  }

  public boolean hasKey() {
    return !keyFile.isEmpty() || !keyPem.value().isEmpty();
  }

  @Override
  public void check(Findings findings) {
    oneOf(findings, "ca", caFile, caPem);
    oneOf(findings, "cert", certFile, certPem);
    oneOf(findings, "key", keyFile, keyPem);
    findings.require(
        hasCert() == hasKey(),
        hasCert() ? "cert_file" : "key_file",
        "given alone (expected: certificate and key together)");
    findings.require(
        !reloadInterval.isNegative(), "reload_interval", reloadInterval + " (expected: >= 0)");
    TlsNames.check(this, findings);
  }

  private static void oneOf(Findings findings, String item, String file, Secret pem) {
    findings.require(
        file.isEmpty() || pem.value().isEmpty(),
        item + "_file",
        "given together with " + item + "_pem (expected: one of the two)");
  }
}
