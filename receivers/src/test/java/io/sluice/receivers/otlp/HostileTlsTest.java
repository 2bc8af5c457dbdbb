package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Loop.Family;
import io.sluice.transport.hostile.Certificates;
import io.sluice.transport.hostile.Frames;
import io.sluice.transport.tls.TlsClientConfig;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Handshakes that are cut in pieces, stall, carry too much or the wrong thing. Another client is served
/// afterwards.
@ParameterizedClass
@EnumSource(Family.class)
class HostileTlsTest {
  private static final int CERTIFICATES = 2000;
  private static final int NAMES = 50;
  private static final byte[] HALF_A_HELLO = {22, 3, 1, 2, 0, 1, 0, 1, -4, 3, 3};

  @TempDir private static Path folder;
  private static Certificates.Pair server;
  private static Certificates.Pair client;
  private static Certificates.Pair expired;

  private final Family family;

  HostileTlsTest(Family family) {
    this.family = family;
  }

  @BeforeAll
  static void makeCertificates() throws Exception {
    server = Certificates.make(folder, "server", "server", "dns:localhost,ip:127.0.0.1");
    client = Certificates.make(folder, "client", "client", "dns:client");
    expired = Certificates.make(folder, "expired", "client", "dns:client", "-9d");
  }

  private Running start(Certificates.@Nullable Pair clients) throws Exception {
    var authority = clients == null ? "" : clients.cert().toString();
    return new Running(TlsTest.receiver(family, server, authority, List.of()));
  }

  private void assertServed(Running running, Certificates.@Nullable Pair own) throws Exception {
    assertThat(sends(running, TlsTest.trusting(server, own))).isTrue();
  }

  private boolean sends(Running running, TlsClientConfig tls) throws Exception {
    return TlsTest.sends(running, family, "localhost", tls);
  }

  @Test
  void helloByTheByteIsServed() throws Exception {
    try (var running = start(null);
        var socket = handshake(new Drops(running.port()), "localhost", null);
        var sender = sender(socket)) {
      assertThat(sender.send()).isTrue();
      assertServed(running, null);
    }
  }

  private Sender sender(Socket socket) throws IOException {
    var type = family == Family.GRPC ? "application/grpc" : "application/x-protobuf";
    return new Sender(new Frames(socket, Frames.PATIENCE), family, type);
  }

  @Test
  void garbageAndPlaintextAreNotServed() throws Exception {
    try (var running = start(null)) {
      for (var text : List.of("\0".repeat(4096), "POST /v1/traces HTTP/1.1\r\nHost: x\r\n\r\n")) {
        try (var wire = new Wire(running.port()).write(text)) {
          assertThat(wire.rest()).doesNotContain("HTTP/1.1 200");
        }
      }
      assertServed(running, null);
    }
  }

  /// By the server's own bound: the client would wait for ever.
  @Test
  void handshakeThatStallsIsEnded() throws Exception {
    try (var running = start(null);
        var stalled = new Wire(running.port()).write(HALF_A_HELLO)) {
      assertServed(running, null);
      stalled.rest();
      assertServed(running, null);
    }
  }

  @Test
  void expiredCertificateIsRefused() throws Exception {
    try (var running = start(expired)) {
      assertThat(sends(running, TlsTest.trusting(server, expired))).isFalse();
      assertThat(running.sink.batches).isEmpty();
    }
  }

  @Test
  void endlessChainIsRefused() throws Exception {
    try (var running = start(client)) {
      boolean served;
      try (var socket =
              handshake(plain(running.port()), "localhost", new Chain(client, CERTIFICATES));
          var sender = sender(socket)) {
        served = sender.send();
      } catch (SSLException | java.net.SocketException _) {
        served = false;
      }
      assertThat(served).isFalse();
      assertServed(running, client);
    }
  }

  @Test
  void namesNobodyHasCostNothingThatStays() throws Exception {
    try (var running = start(null)) {
      for (int i = 0; i < NAMES; i++) {
        handshake(plain(running.port()), "name-" + i + ".example", null).close();
      }
      assertServed(running, null);
    }
  }

  private static Socket plain(int port) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  private static SSLSocket handshake(Socket below, String name, @Nullable KeyManager keys)
      throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(
        keys == null ? null : new KeyManager[] {keys},
        new TrustManager[] {new Anybody()},
        new SecureRandom());
    var socket =
        (SSLSocket) context.getSocketFactory().createSocket(below, name, below.getPort(), true);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    parameters.setServerNames(List.of(new SNIHostName(name)));
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(Running.PATIENCE_SECONDS * 1000);
    socket.startHandshake();
    return socket;
  }

  /// Sends each byte by itself.
  private static final class Drops extends Socket {
    Drops(int port) throws IOException {
      super(InetAddress.getLoopbackAddress(), port);
      setTcpNoDelay(true);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream()); // writes byte by byte
    }
  }

  /// The same certificate, again and again.
  private static final class Chain extends X509ExtendedKeyManager {
    private final X509Certificate[] chain;
    private final PrivateKey key;

    Chain(Certificates.Pair pair, int length) throws Exception {
      chain = new X509Certificate[length];
      try (var in = Files.newInputStream(pair.cert())) {
        var certificate =
            (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        Arrays.fill(chain, certificate);
      }
      var pem = Files.readString(pair.key()).replaceAll("-----.*-----|\\s", "");
      var spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem));
      key = KeyFactory.getInstance("EC").generatePrivate(spec);
    }

    @Override
    public String chooseEngineClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return "a";
    }

    @Override
    public String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return "a";
    }

    @Override
    public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {"a"};
    }

    @Override
    public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
      return new String[0];
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return chain;
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }
  }

  /// Trusts whoever answers: it is the server that is looked at.
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
