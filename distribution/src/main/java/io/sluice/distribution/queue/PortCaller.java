package io.sluice.distribution.queue;

import io.sluice.data.Lease;
import io.sluice.extensions.admin.Answer;
import io.sluice.telemetry.Why;
import io.sluice.wire.Bytes;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Asks the admin port of a gateway that runs.
final class PortCaller implements Caller {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  private static final Duration ANSWER_MAX = Duration.ofMinutes(2);
  private static final Set<String> CHANGES = Set.of("drop", "replay");

  private final URI endpoint;
  private final Optional<Path> tokenFile;
  private final HttpClient client =
      HttpClient.newBuilder()
          .proxy(HttpClient.Builder.NO_PROXY)
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_MAX)
          .build();

  /// @param endpoint `http://host:port`
  PortCaller(URI endpoint, Optional<Path> tokenFile) {
    this.endpoint = endpoint;
    this.tokenFile = tokenFile;
  }

  @Override
  public String place() {
    return endpoint.toString();
  }

  @Override
  public Answer call(String call, Map<String, String> parameters) {
    var query =
        parameters.entrySet().stream()
            .map(each ->
                each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    var request =
        HttpRequest.newBuilder(URI.create(endpoint + "/v1/" + call + "?" + query))
            .timeout(ANSWER_MAX)
            .method(CHANGES.contains(call) ? "POST" : "GET", BodyPublishers.noBody());
    tokenFile.ifPresent(file -> request.header("Authorization", "Bearer " + token(file)));
    try {
      return answer(client.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new UnreachableException(
          "the admin port " + endpoint + " does not answer: " + Why.of(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw QueueException.failed("interrupted");
    }
  }

  /// Nobody is there.
  static final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnreachableException(String message) {
      super(message);
    }
  }

  private static Answer answer(HttpResponse<byte[]> response) {
    return new Answer(
        response.statusCode(),
        response.headers().firstValue("Content-Type").orElse(""),
        Bytes.wrap(response.body()),
        response.headers().firstValueAsLong(Answer.RECORDS).orElse(0),
        response.headers().firstValue(Answer.RESUME).orElse(""),
        response.headers().firstValueAsLong(Answer.DAMAGED).orElse(0),
        Lease.NONE);
  }

  private static String token(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw QueueException.failed(
          file
              + ": cannot be read: "
              + Why.of(e)
              + " (expected: the token of the admin port; it can be read by the user the gateway runs as)");
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
