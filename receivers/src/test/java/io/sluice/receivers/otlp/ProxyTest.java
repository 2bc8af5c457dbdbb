package io.sluice.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.testkit.Contexts;
import io.sluice.transport.hostile.Certificates;
import io.sluice.transport.tls.TlsClientConfig;
import io.sluice.transport.tls.TlsConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Our clients and our servers with a proxy between them, which leads every name to the server.
class ProxyTest {
  private static final String HOST = "collector.example";
  private static final TlsClientConfig PLAIN =
      new TlsClientConfig(TlsConfig.defaults(), true, false, "");

  @TempDir private static Path folder;

  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private ServerSocket proxy;
  private volatile int target;

  @BeforeEach
  void open() throws IOException {
    proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
  }

  private void serve() {
    while (true) {
      try {
        var client = proxy.accept();
        Thread.ofVirtual().start(() -> lead(client));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void lead(Socket client) {
    try (client;
        var server = new Socket(InetAddress.getLoopbackAddress(), target)) {
      var head = head(client.getInputStream());
      asked.add(head);
      if (head.startsWith("CONNECT ")) {
        client
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      } else {
        // A request for a whole URL becomes one for its path.
        var direct = head.replaceFirst("http://[^/]*", "");
        server.getOutputStream().write(direct.getBytes(StandardCharsets.ISO_8859_1));
      }
      var back = Thread.ofVirtual().start(() -> copy(server, client));
      copy(client, server);
      back.join();
    } catch (IOException _) {
      // The client sees it.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException _) {
      // The other direction ends too.
    }
  }

  private static String head(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        break;
      }
      head.write(b);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private String proxyUrl() {
    return "http://us:secret@127.0.0.1:" + proxy.getLocalPort();
  }

  private void send(
      Running running,
      Loop.Family family,
      String scheme,
      TlsClientConfig tls,
      Map<String, String> environment)
      throws Exception {
    target = running.port();
    var context = Contexts.of(Kind.EXPORTER, "otlp/2", running.loops.home(family));
    if (family == Loop.Family.GRPC) {
      TlsTest.grpc(context, HOST + ":4317", tls, environment);
    } else {
      TlsTest.http(context, scheme + "://" + HOST + ":4318", tls, environment);
    }
  }

  @ParameterizedTest
  @EnumSource(Loop.Family.class)
  void tlsGoesThroughATunnel(Loop.Family family) throws Exception {
    var pair = Certificates.make(folder, "proxied" + family, "server", "dns:" + HOST);
    try (var running = new Running(TlsTest.receiver(family, pair, "", List.of()))) {
      send(
          running,
          family,
          "https",
          TlsTest.trusting(pair, null),
          Map.of("HTTPS_PROXY", proxyUrl()));
      assertThat(running.sink.items()).isEqualTo(1);
    }
    assertThat(asked.remove())
        .startsWith("CONNECT " + HOST + ":")
        .containsIgnoringCase("proxy-authorization: Basic dXM6c2VjcmV0");
  }

  @Test
  void grpcWithoutTlsGoesThroughATunnelToo() throws Exception {
    try (var running = new Running(GrpcReceiverTest.config())) {
      send(running, Loop.Family.GRPC, "", PLAIN, Map.of("https_proxy", proxyUrl()));
      assertThat(running.sink.items()).isEqualTo(1);
    }
    assertThat(asked.remove()).startsWith("CONNECT " + HOST + ":4317");
  }

  @Test
  void httpWithoutTlsIsAskedOfTheProxy() throws Exception {
    try (var running = new Running(HttpReceiverTest.config())) {
      send(running, Loop.Family.HTTP, "http", PLAIN, Map.of("HTTP_PROXY", proxyUrl()));
      assertThat(running.sink.items()).isEqualTo(1);
    }
    assertThat(asked.remove()).startsWith("POST http://" + HOST + ":4318/v1/traces");
  }

  /// There is no such host, so nothing arrives; what matters is that the proxy was not asked.
  @ParameterizedTest
  @EnumSource(Loop.Family.class)
  void exemptHostsAreNotAskedOfTheProxy(Loop.Family family) throws Exception {
    var config = family == Loop.Family.GRPC ? GrpcReceiverTest.config() : HttpReceiverTest.config();
    var environment =
        Map.of("HTTPS_PROXY", proxyUrl(), "HTTP_PROXY", proxyUrl(), "NO_PROXY", "a,.example");
    try (var running = new Running(config)) {
      assertThat(catchThrowable(() -> send(running, family, "http", PLAIN, environment)))
          .isNotNull();
    }
    assertThat(asked).isEmpty();
  }
}
