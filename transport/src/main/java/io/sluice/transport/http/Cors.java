package io.sluice.transport.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Cross-origin requests, as the library the Collector uses answers them: a preflight always gets 204,
/// with permission or without, and a request from a foreign origin is served but not readable there.
final class Cors {
  private static final Set<String> METHODS = Set.of("GET", "POST", "HEAD");
  private static final Set<String> HEADERS_DEFAULT =
      Set.of("accept", "content-type", "x-requested-with");
  private static final int MAX_AGE_NONE = 0;

  private final List<Pattern> origins;
  private final boolean anyOrigin;
  private final Set<String> headers;
  private final boolean anyHeader;
  private final String exposed;
  private final int maxAge;

  Cors(CorsConfig config) {
    anyOrigin = config.allowedOrigins().contains("*");
    origins = config.allowedOrigins().stream().map(Cors::pattern).toList();
    anyHeader = config.allowedHeaders().contains("*");
    headers =
        config.allowedHeaders().isEmpty()
            ? HEADERS_DEFAULT
            : config.allowedHeaders().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    exposed = String.join(", ", config.exposedHeaders());
    maxAge = config.maxAge();
  }

  static boolean isPreflight(HttpServerRequest request) {
    return request.method().equals(HttpMethod.OPTIONS)
        && request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD) != null;
  }

  void preflight(HttpServerRequest request) {
    var response = request.response();
    response.putHeader(
        HttpHeaders.VARY, "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
    var method = text(request, HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    var wanted = text(request, HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
    var origin = text(request, HttpHeaders.ORIGIN);
    if (!allows(origin) || !METHODS.contains(method) || !allowsHeaders(wanted)) {
      return;
    }
    allow(request, origin);
    response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, method);
    if (!wanted.isEmpty()) {
      response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, wanted);
    }
    if (maxAge != MAX_AGE_NONE) {
      response.putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, String.valueOf(Math.max(0, maxAge)));
    }
  }

  void actual(HttpServerRequest request) {
    request.response().putHeader(HttpHeaders.VARY, "Origin");
    var origin = text(request, HttpHeaders.ORIGIN);
    if (allows(origin) && METHODS.contains(request.method().name())) {
      allow(request, origin);
      if (!exposed.isEmpty()) {
        request.response().putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
      }
    }
  }

  private void allow(HttpServerRequest request, String origin) {
    request
        .response()
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, anyOrigin ? "*" : origin)
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
  }

  private boolean allows(String origin) {
    var lower = origin.toLowerCase(Locale.ROOT);
    return !origin.isEmpty()
        && (anyOrigin || origins.stream().anyMatch(p -> p.matcher(lower).matches()));
  }

  private boolean allowsHeaders(String wanted) {
    if (anyHeader || wanted.isEmpty()) {
      return true;
    }
    for (var name : wanted.split(",", -1)) {
      var lower = name.strip().toLowerCase(Locale.ROOT);
      if (!lower.isEmpty() && !headers.contains(lower)) {
        return false;
      }
    }
    return true;
  }

  /// No user's regular expression: a wildcard among literals, so matching is linear.
  private static Pattern pattern(String origin) {
    var lower = origin.toLowerCase(Locale.ROOT);
    int star = lower.indexOf('*');
    return Pattern.compile(
        star < 0
            ? Pattern.quote(lower)
            : Pattern.quote(lower.substring(0, star))
                + ".*"
                + Pattern.quote(lower.substring(star + 1)));
  }

  private static String text(HttpServerRequest request, CharSequence name) {
    var value = request.getHeader(name);
    return value == null ? "" : value;
  }
}
