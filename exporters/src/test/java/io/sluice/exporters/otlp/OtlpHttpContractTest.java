package io.sluice.exporters.otlp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.component.ExporterFactory;
import io.sluice.component.Loops;
import io.sluice.component.QueueConfig;
import io.sluice.component.RetryConfig;
import io.sluice.component.Secret;
import io.sluice.data.Signal;
import io.sluice.data.Validate;
import io.sluice.testkit.ExporterContract;
import io.sluice.transport.TransportLoops;
import io.sluice.transport.http.HttpClientConfig;
import io.sluice.transport.tls.TlsClientConfig;
import io.sluice.transport.tls.TlsConfig;
import io.sluice.wire.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;

class OtlpHttpContractTest extends ExporterContract<OtlpHttpExporterConfig> {
  static final Secret NONE = new Secret("");
  static final String NO_SUCH_FILE = "/nonexistent/ca.pem";

  private final TransportLoops loops = TransportLoops.of(1, 1);
  private final AtomicInteger items = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::take);
    server.start();
  }

  @Override
  protected void close() {
    loops.close();
    server.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    var signal = Signal.valueOf(path.substring("/v1/".length()).toUpperCase(Locale.ROOT));
    var body = Bytes.wrap(exchange.getRequestBody().readAllBytes());
    items.addAndGet(Validate.request(signal, body).items());
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  @Override
  protected ExporterFactory<OtlpHttpExporterConfig> factory() {
    return new OtlpHttpExporterFactory();
  }

  @Override
  protected OtlpHttpExporterConfig config() {
    return config("http", TlsClientConfig.defaults());
  }

  @Override
  protected Optional<OtlpHttpExporterConfig> broken() {
    return Optional.of(config("https", trusting(NO_SUCH_FILE)));
  }

  @Override
  protected String brokenPart() {
    return NO_SUCH_FILE;
  }

  /// With TLS settings that name this authority.
  static TlsClientConfig trusting(String caFile) {
    var d = TlsConfig.defaults();
    var tls =
        new TlsConfig(
            caFile,
            NONE,
            false,
            "",
            NONE,
            "",
            NONE,
            d.minVersion(),
            "",
            List.of(),
            false,
            List.of(),
            Duration.ZERO,
            Optional.empty());
    return new TlsClientConfig(tls, false, false, "");
  }

  private OtlpHttpExporterConfig config(String scheme, TlsClientConfig tls) {
    var d = HttpClientConfig.defaults();
    var client =
        new HttpClientConfig(
            scheme + "://127.0.0.1:" + server.getAddress().getPort(),
            "",
            tls,
            Map.of(),
            Optional.empty(),
            List.of(),
            Duration.ofSeconds(30),
            "none",
            d.compressionParams(),
            0,
            0,
            100,
            0,
            0,
            d.idleConnTimeout(),
            false,
            Duration.ZERO,
            Duration.ZERO,
            true,
            d.cookies());
    return new OtlpHttpExporterConfig(
        client,
        OtlpHttpExporterConfig.Encoding.PROTO,
        "",
        "",
        "",
        "",
        RetryConfig.defaults(),
        Optional.of(QueueConfig.defaults()));
  }

  @Override
  protected Loops loops() {
    return loops;
  }

  @Override
  protected int arrived() {
    return items.get();
  }
}
