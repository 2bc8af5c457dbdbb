package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {
  private final Environment environment = Environment.system();
  @TempDir Path directory;
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var path = exchange.getRequestURI().getPath();
          if (path.equals("/endless")) {
            exchange.sendResponseHeaders(200, 0);
            try (var body = exchange.getResponseBody()) {
              var block = new byte[1 << 20];
              for (int i = 0; i < 64; i++) {
                body.write(block);
              }
            }
            return;
          }
          var body = ("path: " + path).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(path.equals("/none") ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private URI address(String path) {
    return URI.create(
        "http://"
            + server.getAddress().getAddress().getHostAddress()
            + ":"
            + server.getAddress().getPort()
            + path);
  }

  @Test
  void fetchesOnlyWhatIsThere() throws IOException {
    assertThat(environment.fetch(address("/a"))).isEqualTo("path: /a");
    assertThatThrownBy(() -> environment.fetch(address("/none")))
        .isInstanceOf(IOException.class)
        .hasMessage("status 404 (expected: 200)");
  }

  @Test
  void takesNoEndlessBody() {
    assertThatThrownBy(() -> environment.fetch(address("/endless")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("capacity");
  }

  @Test
  void readsFilesOfBoundedSize() throws IOException {
    var file = Files.writeString(directory.resolve("f"), "a: ü");
    var large = Files.write(directory.resolve("large"), new byte[Environment.BYTES_MAX + 1]);

    assertThat(environment.file(file.toString())).isEqualTo("a: ü");
    assertThatThrownBy(() -> environment.file(large.toString())).hasMessageContaining("more than");
    assertThatThrownBy(() -> environment.file(directory.resolve("none").toString()))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> environment.file(directory.toString()))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> environment.file("a\u0000b")).isInstanceOf(IOException.class);
  }
}
