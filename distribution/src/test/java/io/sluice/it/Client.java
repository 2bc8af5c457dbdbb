package io.sluice.it;

import java.util.List;
import java.util.Map;

/// An OpenTelemetry SDK that sends two spans, three metrics and one log record, all named by a tag.
enum Client {
  JAVA {
    @Override
    String ids(String endpoint, String protocol, String compression, String tag) {
      return new JavaClient(endpoint, protocol.equals("grpc"), compression, tag).send();
    }
  },
  PYTHON {
    @Override
    String ids(String endpoint, String protocol, String compression, String tag) {
      var python = Peers.path("python").toString();
      return run(List.of(python, script("client.py"), endpoint, protocol, compression, tag));
    }
  },
  JAVASCRIPT {
    @Override
    String ids(String endpoint, String protocol, String compression, String tag) {
      var folder = Peers.path("node").toString();
      var node = "cd \"$0\" && exec node \"$@\"";
      return run(
          List.of(
              "sh", "-c", node, folder, script("client.js"), endpoint, protocol, compression, tag));
    }
  };

  /// @param trace the trace's id in hex
  record Sent(String tag, String trace, String outer, String inner) {}

  /// Returns when the SDK has got its answers.
  Sent send(String endpoint, String protocol, String compression, String tag) {
    var ids = List.of(ids(endpoint, protocol, compression, tag).trim().split(" "));
    return new Sent(tag, ids.get(0), ids.get(1), ids.get(2));
  }

  abstract String ids(String endpoint, String protocol, String compression, String tag);

  private static String script(String name) {
    return Peers.module().resolve("src/test/clients").resolve(name).toString();
  }

  /// The last line of what the program says; warnings of its libraries may stand before.
  private static String run(List<String> command) {
    return Programs.done(Map.of(), command).lines().reduce((_, last) -> last).orElseThrow();
  }
}
