package io.sluice.exporters.elasticsearch;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// `name:` and, in base64, `host$elasticsearch$kibana`: where a cluster of Elastic Cloud is.
final class CloudId {
  private CloudId() {}

  /// @throws IllegalArgumentException if it is none
  static String endpoint(String id) {
    var coded = id.substring(id.lastIndexOf(':') + 1);
    String[] parts;
    try {
      parts =
          new String(Base64.getDecoder().decode(coded), StandardCharsets.UTF_8).split("\\$", -1);
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException("no base64 behind the colon");
    }
    if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new IllegalArgumentException("no host and cluster in it");
    }
    var host = parts[0].split(":", 2);
    var cluster = parts[1].split(":", 2);
    var port = cluster.length > 1 ? cluster[1] : host.length > 1 ? host[1] : "443";
    return "https://" + cluster[0] + "." + host[0] + ":" + port;
  }
}
