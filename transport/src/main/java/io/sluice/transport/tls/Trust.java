package io.sluice.transport.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Whom we trust. Of a watched file, a handshake takes up what changed; one that cannot be read leaves
/// what there was. Safe on any thread.
final class Trust extends X509ExtendedTrustManager {
  /// Where systems keep their authorities; the Java runtime's own serve if there is none.
  private static final List<String> SYSTEM_FILES =
      List.of(
          "/etc/ssl/certs/ca-certificates.crt",
          "/etc/pki/tls/certs/ca-bundle.crt",
          "/etc/ssl/ca-bundle.pem",
          "/etc/ssl/cert.pem");

  private final String key;
  private final String file;
  private final String pem;
  private final boolean system;
  private final boolean watched;
  private volatile X509ExtendedTrustManager present;
  private volatile @Nullable FileTime changedAt;

  private Trust(String key, String file, String pem, boolean system, boolean watched)
      throws IOException {
    this.key = key;
    this.file = file;
    this.pem = pem;
    this.system = system;
    this.watched = watched;
    changedAt =
        watched && Files.exists(Path.of(file)) ? Files.getLastModifiedTime(Path.of(file)) : null;
    present = read();
  }

  static X509ExtendedTrustManager ofServers(TlsConfig config) throws IOException {
    boolean system = config.includeSystemCaCertsPool() || !config.hasCa();
    return new Trust("ca_file", config.caFile(), config.caPem().value(), system, false);
  }

  static X509ExtendedTrustManager ofClients(TlsServerConfig config) throws IOException {
    return new Trust(
        "client_ca_file", config.clientCaFile(), "", false, config.clientCaFileReload());
  }

  private X509ExtendedTrustManager read() throws IOException {
    var certificates = new ArrayList<X509Certificate>();
    if (!file.isEmpty() || !pem.isEmpty()) {
      certificates.addAll(
          Pem.certificates(
              OwnKeys.text(key, file, pem),
              "tls::" + (file.isEmpty() ? "ca_pem" : key + ": " + file)));
    }
    if (system) {
      certificates.addAll(ofSystem());
    }
    try {
      return managerOf(storeOf(certificates));
    } catch (GeneralSecurityException e) {
      throw new IOException("authorities cannot be used", e);
    }
  }

  private static List<X509Certificate> ofSystem() throws IOException {
    for (var name : SYSTEM_FILES) {
      if (Files.isReadable(Path.of(name))) {
        return Pem.certificates(Files.readString(Path.of(name)), name);
      }
    }
    try {
      return List.of(managerOf(null).getAcceptedIssuers());
    } catch (GeneralSecurityException e) {
      throw new IOException("no authorities of the system found", e);
    }
  }

  private static KeyStore storeOf(List<X509Certificate> certificates)
      throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < certificates.size(); i++) {
      store.setCertificateEntry("ca-" + i, certificates.get(i));
    }
    return store;
  }

  private static X509ExtendedTrustManager managerOf(@Nullable KeyStore store)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager extended) {
        return extended;
      }
    }
    throw new GeneralSecurityException("no X.509 trust manager");
  }

  private X509ExtendedTrustManager current() {
    if (watched) {
      try {
        var time = Files.getLastModifiedTime(Path.of(file));
        if (!time.equals(changedAt)) {
          present = read();
          changedAt = time;
        }
      } catch (IOException _) {
        return present; // being replaced; the next handshake looks again
      }
    }
    return present;
  }

  /// The JDK does not look at the time of a certificate that is an authority itself, as self-signed ones
  /// are.
  private static void checkNow(X509Certificate own) throws CertificateException {
    own.checkValidity();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    current().checkClientTrusted(chain, authType, engine);
    checkNow(chain[0]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    current().checkServerTrusted(chain, authType, engine);
    checkNow(chain[0]);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    current().checkClientTrusted(chain, authType, socket);
    checkNow(chain[0]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    current().checkServerTrusted(chain, authType, socket);
    checkNow(chain[0]);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    current().checkClientTrusted(chain, authType);
    checkNow(chain[0]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    current().checkServerTrusted(chain, authType);
    checkNow(chain[0]);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return current().getAcceptedIssuers();
  }
}
