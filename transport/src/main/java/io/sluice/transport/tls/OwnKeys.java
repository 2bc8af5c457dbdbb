package io.sluice.transport.tls;

import io.sluice.telemetry.Why;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Our certificate and key, read again by a handshake that comes later than the reload interval after
/// the last reading. Files that cannot be read then leave what there was.
///
/// The alias a handshake chooses stands for one reading, so that it never mixes the certificate of
/// one with the key of another. Safe on any thread.
final class OwnKeys extends X509ExtendedKeyManager {
  /// A handshake under way may need the reading before the present one.
  private static final int READINGS_MAX = 4;

  private final TlsConfig config;
  private final InstantSource clock;
  private final Map<String, Reading> readings = new ConcurrentHashMap<>();
  private volatile Reading latest;

  private record Reading(long number, List<X509Certificate> chain, PrivateKey key, long readAtMs) {
    String alias() {
      return "own-" + number;
    }
  }

  /// Reads them for the first time.
  OwnKeys(TlsConfig config, InstantSource clock) throws IOException {
    this.config = config;
    this.clock = clock;
    latest = read(0);
    readings.put(latest.alias(), latest);
  }

  private Reading read(long number) throws IOException {
    var chain =
        Pem.certificates(
            text("cert_file", config.certFile(), config.certPem().value()), "tls::cert_file");
    var key = Pem.key(text("key_file", config.keyFile(), config.keyPem().value()), "tls::key_file");
    return new Reading(number, chain, key, clock.millis());
  }

  /// @param key that names the file
  static String text(String key, String file, String pem) throws IOException {
    try {
      return file.isEmpty() ? pem : Files.readString(Path.of(file));
    } catch (IOException | InvalidPathException e) {
      throw new IOException("tls::" + key + ": " + Why.of(e), e);
    }
  }

  private Reading current() {
    var reading = latest;
    Duration interval = config.reloadInterval();
    if (interval.isPositive() && clock.millis() - reading.readAtMs >= interval.toMillis()) {
      reload();
    }
    return latest;
  }

  private synchronized void reload() {
    try {
      var next = read(latest.number + 1);
      readings.put(next.alias(), next);
      readings.remove("own-" + (next.number - READINGS_MAX));
      latest = next;
    } catch (IOException _) {
      latest =
          new Reading(latest.number, latest.chain, latest.key, clock.millis()); // asked again later
    }
  }

  private @Nullable String aliasFor(String keyType) {
    var reading = current();
    return reading.key.getAlgorithm().equals(keyType) ? reading.alias() : null;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return aliasFor(keyType);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    for (var keyType : keyTypes) {
      var alias = aliasFor(keyType);
      if (alias != null) {
        return alias;
      }
    }
    return null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    var reading = readings.get(alias);
    return reading == null ? null : reading.chain.toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    var reading = readings.get(alias);
    return reading == null ? null : reading.key;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return aliasFor(keyType);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseEngineClientAlias(keyTypes, issuers, null);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    var alias = aliasFor(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return getServerAliases(keyType, issuers);
  }
}
