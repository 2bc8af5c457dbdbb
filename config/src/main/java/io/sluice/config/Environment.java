package io.sluice.config;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a configuration may refer to outside itself.
public interface Environment {
  int BYTES_MAX = 16 << 20;
  Duration FETCH_TIMEOUT = Duration.ofSeconds(30);

  /// An environment variable; null if it is not set.
  @Nullable String variable(String name);

  /// The content of a file, as UTF-8.
  String file(String path) throws IOException;

  /// The body of the answer to a GET.
  String fetch(URI address) throws IOException;

  /// That of this process.
  static Environment system() {
    return new SystemEnvironment();
  }

  /// Bounded in size and time.
  final class SystemEnvironment implements Environment {
    private SystemEnvironment() {}

    @Override
    public @Nullable String variable(String name) {
      return System.getenv(name);
    }

    @Override
    public String file(String path) throws IOException {
      try (var stream = Files.newInputStream(Path.of(path))) {
        return bounded(stream.readNBytes(BYTES_MAX + 1));
      } catch (InvalidPathException e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    @Override
    public String fetch(URI address) throws IOException {
      var request = HttpRequest.newBuilder(address).timeout(FETCH_TIMEOUT).build();
      try (var client =
          HttpClient.newBuilder()
              .connectTimeout(FETCH_TIMEOUT)
              .followRedirects(HttpClient.Redirect.NORMAL)
              .build()) {
        var response = client.send(request, BodyHandlers.ofInputStream());
        try (var body = response.body()) {
          if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode() + " (expected: 200)");
          }
          return bounded(body.readNBytes(BYTES_MAX + 1));
        } finally {
          client.shutdownNow();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }

    private static String bounded(byte[] bytes) throws IOException {
      if (bytes.length > BYTES_MAX) {
        throw new IOException("more than " + BYTES_MAX + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
