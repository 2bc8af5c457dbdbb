package io.sluice.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Servers of others by their names: programs that [Peers] gets, or with `-Dit.containers` containers.
/// `-Dit.image.NAME` is another image than that of the example with five backends.
final class Backends {
  private static final Map<String, String> IMAGES =
      Map.of(
          "loki", "grafana/loki:3.5.5",
          "prometheus", "prom/prometheus:v3.5.0",
          "prometheus2", "prom/prometheus:v2.42.0",
          "jaeger", "jaegertracing/jaeger:2.10.0",
          "tempo", "grafana/tempo:2.8.2",
          "elasticsearch9", "docker.elastic.co/elasticsearch/elasticsearch:9.1.4",
          "opensearch", "opensearchproject/opensearch:3.2.0");

  private Backends() {}

  static boolean inContainers() {
    return Boolean.getBoolean("it.containers");
  }

  static String image(String name) {
    return System.getProperty("it.image." + name, IMAGES.get(name));
  }

  /// Returns at once.
  ///
  /// @param folder that it may write to; its log is there
  static Program start(String name, Path folder, List<String> arguments) {
    if (inContainers()) {
      return Container.start(image(name), folder, Map.of(), arguments);
    }
    var command = new ArrayList<>(List.of(Peers.path(name).toString()));
    command.addAll(arguments);
    return Server.start(folder.resolve("log"), Map.of(), command);
  }
}
