package io.sluice.config;

import io.sluice.telemetry.Why;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
        throw new IOException(Why.of(e), e);
      }
    }

    @Override
    public String fetch(URI address) throws IOException {
      var request = HttpRequest.newBuilder(address).build();
      var body = BodyHandlers.limiting(BodyHandlers.ofByteArray(), BYTES_MAX);
      try (var client =
          HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build()) {
        var answer = client.sendAsync(request, body);
        try {
          return text(answer.get(FETCH_TIMEOUT.toSeconds(), TimeUnit.SECONDS));
        } finally {
          client.shutdownNow();
        }
      } catch (ExecutionException e) {
        throw new IOException(e.getCause() == null ? e : e.getCause());
      } catch (TimeoutException e) {
        throw new IOException("no answer in " + GoDuration.text(FETCH_TIMEOUT), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }

    private static String text(HttpResponse<byte[]> response) throws IOException {
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode() + " (expected: 200)");
      }
      return bounded(response.body());
    }

    private static String bounded(byte[] bytes) throws IOException {
      if (bytes.length > BYTES_MAX) {
        throw new IOException("more than " + BYTES_MAX + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
