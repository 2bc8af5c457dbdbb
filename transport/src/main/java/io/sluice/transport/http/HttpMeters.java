package io.sluice.transport.http;

import io.sluice.telemetry.Telemetry;
import io.sluice.telemetry.Telemetry.Level;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `http.server.*` and `http.client.*`, as the Collector's HTTP library has them. At level detailed
/// only. Labels hold nothing a sender may choose freely, so that it cannot fill the memory with series:
/// the address is ours, not the Host header's, and the route is told of requests that were served.
final class HttpMeters {
  private static final Set<String> METHODS =
      Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE");

  private final Telemetry telemetry;

  HttpMeters(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  /// When something begins that is to be measured; 0 if it is not.
  long begin() {
    return telemetry.at(Level.DETAILED) ? System.nanoTime() : 0;
  }

  void served(HttpServerRequest request, int status, int responseBytes, long begun) {
    if (begun == 0) {
      return;
    }
    var method = request.method().name();
    var labels =
        labels(
            METHODS.contains(method) ? method : "_OTHER",
            request.version(),
            request.isSSL() ? "https" : "http");
    labels.addAll(List.of("http.response.status_code", Integer.toString(status)));
    if (status / 100 == 2) {
      labels.addAll(List.of("http.route", String.valueOf(request.path())));
    }
    var address = request.localAddress();
    if (address != null && address.isInetSocket()) {
      labels.addAll(
          List.of(
              "server.address",
              String.valueOf(address.host()),
              "server.port",
              Integer.toString(address.port())));
    }
    var all = labels.toArray(String[]::new);
    telemetry
        .histogram("http.server.request.body.size", "Size of HTTP server request bodies.", all)
        .record(request.bytesRead());
    telemetry
        .histogram("http.server.response.body.size", "Size of HTTP server response bodies.", all)
        .record(responseBytes);
    telemetry
        .seconds("http.server.request.duration", "Duration of HTTP server requests.", all)
        .record((System.nanoTime() - begun) / 1e9);
  }

  /// @param version of the answer
  void sent(URI uri, int status, HttpVersion version, int requestBytes, long begun) {
    if (begun == 0) {
      return;
    }
    var labels = labels("POST", version, String.valueOf(uri.getScheme()));
    labels.addAll(List.of("http.response.status_code", Integer.toString(status)));
    sent(labels, uri, requestBytes, begun);
  }

  /// No answer came.
  void failed(URI uri, Throwable failure, int requestBytes, long begun) {
    if (begun == 0) {
      return;
    }
    var labels = labels("POST", HttpVersion.HTTP_1_1, String.valueOf(uri.getScheme()));
    labels.addAll(List.of("error.type", failure.getClass().getName()));
    sent(labels, uri, requestBytes, begun);
  }

  private void sent(List<String> labels, URI uri, int requestBytes, long begun) {
    labels.addAll(List.of("server.address", String.valueOf(uri.getHost())));
    if (uri.getPort() >= 0) {
      labels.addAll(List.of("server.port", Integer.toString(uri.getPort())));
    }
    var all = labels.toArray(String[]::new);
    telemetry
        .histogram("http.client.request.body.size", "Size of HTTP client request bodies.", all)
        .record(requestBytes);
    telemetry
        .seconds("http.client.request.duration", "Duration of HTTP client requests.", all)
        .record((System.nanoTime() - begun) / 1e9);
  }

  private static List<String> labels(String method, HttpVersion version, String scheme) {
    return new ArrayList<>(
        List.of(
            "http.request.method",
            method,
            "network.protocol.name",
            "http",
            "network.protocol.version",
            switch (version) {
              case HTTP_1_0 -> "1.0";
              case HTTP_1_1 -> "1.1";
              case HTTP_2 -> "2";
              case HTTP_3 -> "3";
            },
            "url.scheme",
            scheme));
  }
}
