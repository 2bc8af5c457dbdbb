package io.sluice.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// Asks a gateway something over HTTP, as an orchestrator or a scraper would.
final class Probe implements AutoCloseable {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpRequest request;

  Probe(int port, String path) {
    request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(ANSWER_MAX)
            .build();
  }

  /// The body of the answer.
  String text() throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString()).body();
  }

  /// How long an answer took, whatever it says; the longest we wait if there was none.
  double millis() throws InterruptedException {
    long start = System.nanoTime();
    try {
      client.send(request, BodyHandlers.discarding());
      return (System.nanoTime() - start) / 1e6;
    } catch (IOException _) {
      return ANSWER_MAX.toMillis();
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
