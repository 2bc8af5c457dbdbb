package io.sluice.transport.tls;

import io.sluice.component.Findings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The names the Collector uses for versions, cipher suites and curves, and the JDK's for the same.
/// Suites are IANA names in both worlds, but for those the JDK has under an older name or not at all.
public final class TlsNames {
  private static final String NEWEST = "1.3";
  private static final Map<String, String> PROTOCOLS = new LinkedHashMap<>();
  private static final Map<String, String> GROUPS =
      Map.of("X25519", "x25519", "P256", "secp256r1", "P384", "secp384r1", "P521", "secp521r1");

  /// Known to the Collector; the JDK does not offer it before version 27.
  private static final String HYBRID = "X25519MLKEM768";

  private static final Set<String> SAFE =
      Set.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
  private static final Set<String> INSECURE =
      Set.of(
          "TLS_RSA_WITH_RC4_128_SHA",
          "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
          "TLS_RSA_WITH_AES_128_CBC_SHA",
          "TLS_RSA_WITH_AES_256_CBC_SHA",
          "TLS_RSA_WITH_AES_128_CBC_SHA256",
          "TLS_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
          "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
          "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256");

  static {
    PROTOCOLS.put("1.0", "TLSv1");
    PROTOCOLS.put("1.1", "TLSv1.1");
    PROTOCOLS.put("1.2", "TLSv1.2");
    PROTOCOLS.put("1.3", "TLSv1.3");
  }

  private TlsNames() {}

  static void check(TlsConfig config, Findings findings) {
    boolean min = version(config.minVersion(), "min_version", findings);
    boolean max = version(config.maxVersion(), "max_version", findings);
    findings.require(
        !min || !max || !protocols(config).isEmpty(),
        "min_version",
        config.minVersion() + " (expected: at most max_version, " + config.maxVersion() + ")");
    for (var suite : config.cipherSuites()) {
      if (INSECURE.contains(suite)) {
        findings.require(
            config.includeInsecureCipherSuites(),
            "cipher_suites",
            suite + " is weak (expected: a safe one, or include_insecure_cipher_suites: true)");
      } else {
        findings.require(
            SAFE.contains(suite),
            "cipher_suites",
            "'" + suite + "' (expected: of " + SAFE.stream().sorted().toList() + ")");
      }
    }
    curves(config.curvePreferences(), findings);
  }

  private static boolean version(String version, String key, Findings findings) {
    boolean known = version.isEmpty() || PROTOCOLS.containsKey(version);
    findings.require(known, key, "'" + version + "' (expected: of " + PROTOCOLS.keySet() + ")");
    return known;
  }

  private static void curves(List<String> curves, Findings findings) {
    for (var curve : curves) {
      findings.require(
          GROUPS.containsKey(curve) || curve.equals(HYBRID),
          "curve_preferences",
          "'" + curve + "' (expected: X25519, P256, P384, P521 or X25519MLKEM768)");
    }
    if (curves.contains(HYBRID)) {
      findings.warning(
          "curve_preferences", "X25519MLKEM768 is not offered by this Java runtime; left out");
      findings.require(
          curves.size() > 1, "curve_preferences", HYBRID + " alone (expected: another one too)");
    }
  }

  /// From the oldest to the newest.
  static List<String> protocols(TlsConfig config) {
    var min = config.minVersion().isEmpty() ? "1.2" : config.minVersion();
    var max = config.maxVersion().isEmpty() ? NEWEST : config.maxVersion();
    var names = new ArrayList<String>();
    PROTOCOLS.forEach((version, name) -> {
      if (version.compareTo(min) >= 0 && version.compareTo(max) <= 0) {
        names.add(name);
      }
    });
    return names;
  }

  /// Empty for the default. TLS 1.3 suites are added, as they cannot be chosen in the Collector.
  static List<String> suites(TlsConfig config) {
    if (config.cipherSuites().isEmpty()) {
      return List.of();
    }
    var suites = new ArrayList<String>();
    SAFE.stream().filter(name -> !name.contains("_WITH_")).sorted().forEach(suites::add);
    config.cipherSuites().stream().filter(name -> !suites.contains(name)).forEach(suites::add);
    return suites;
  }

  /// Empty for the default.
  static List<String> groups(TlsConfig config) {
    return config.curvePreferences().stream()
        .filter(GROUPS::containsKey)
        .map(curve -> GROUPS.getOrDefault(curve, curve))
        .toList();
  }
}
