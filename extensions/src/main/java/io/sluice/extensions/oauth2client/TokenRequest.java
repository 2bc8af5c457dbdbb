package io.sluice.extensions.oauth2client;

import io.sluice.component.Secret;
import io.sluice.transport.http.HttpResponse;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A request for a token, and what a refusal says.
///
/// @param style where the client's id and secret stand
record TokenRequest(OAuth2ClientConfig config, Style style, String id, String secret) {
  private static final int REASON_CHARS_MAX = 300;

  /// RFC 6749 2.3.1 knows both; not all servers do.
  enum Style {
    HEADER,
    BODY
  }

  Map<String, String> headers() {
    var headers = new HashMap<String, String>();
    headers.put("content-type", "application/x-www-form-urlencoded");
    headers.put("accept", "application/json");
    if (style == Style.HEADER) {
      headers.put("authorization", "Basic " + authorization());
    }
    return headers;
  }

  private String authorization() {
    var pair = (coded(id) + ":" + coded(secret)).getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(pair);
  }

  Rope body() {
    var pairs = new ArrayList<String>();
    pair("grant_type", "client_credentials", pairs);
    if (!config.scopes().isEmpty()) {
      pair("scope", String.join(" ", config.scopes()), pairs);
    }
    config
        .endpointParams()
        .forEach((name, values) -> values.forEach(value -> pair(name, value, pairs)));
    if (style == Style.BODY) {
      pair("client_id", id, pairs);
      pair("client_secret", secret, pairs);
    }
    return Rope.of(Bytes.utf8(String.join("&", pairs)));
  }

  private static void pair(String name, String value, List<String> pairs) {
    pairs.add(coded(name) + "=" + coded(value));
  }

  private static String coded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// In the server's words, where they do not hold the secret.
  String refusal(HttpResponse response) {
    var reason = new StringBuilder("HTTP ").append(response.status());
    try {
      var members = Token.members(response.body());
      for (var name : List.of("error", "error_description")) {
        var said = members.getOrDefault(name, "");
        reason.append(said.isEmpty() ? "" : ": " + said);
      }
    } catch (IOException _) {
      // the status alone then
    }
    var text = reason.toString().replaceAll("\\p{Cntrl}", " ");
    for (var form : List.of(secret, coded(secret), authorization())) {
      text = form.isEmpty() ? text : text.replace(form, Secret.REDACTED);
    }
    return text.length() > REASON_CHARS_MAX ? text.substring(0, REASON_CHARS_MAX) : text;
  }
}
