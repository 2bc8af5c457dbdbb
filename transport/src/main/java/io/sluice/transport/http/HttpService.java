package io.sluice.transport.http;

/// What a receiver does with requests. Called on the loop that read the request.
public interface HttpService {
  /// A request whose sender is known and whose encoding can be read. Its body has not been read.
  void handle(HttpExchange exchange);

  /// A request that ended before [#handle].
  void refuse(HttpExchange exchange, Refusal refusal);
}
