package io.sluice.exporters.elasticsearch;

import io.sluice.testkit.Json;
import io.sluice.testkit.OwnCertificate;
import io.sluice.testkit.ScriptedServer;
import io.sluice.testkit.ScriptedServer.Answer;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Decoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Takes bulk requests on a loopback port and answers by script.
final class BulkServer implements AutoCloseable {
  static final String CREATED = "{\"create\":{\"status\":201}}";
  private static final int BODY_BYTES_MAX = 64 << 20;

  private final ScriptedServer<Request> server;
  final List<Request> requests;
  volatile ScriptedServer.Script<Request> script = BulkServer::taken;

  /// @param text the lines as they came
  record Request(Map<String, String> headers, String uri, String text) {
    private static Request of(ScriptedServer.Request request) {
      var body = request.body();
      if ("gzip".equals(request.header("Content-Encoding"))) {
        try (var decoder = new Decoder()) {
          body = decoder.decode(Codec.GZIP, body, BODY_BYTES_MAX);
        }
      }
      return new Request(request.headers(), request.target(), body.utf8());
    }

    List<Map<String, Object>> documents() {
      var lines = text.lines().toList();
      var documents = new ArrayList<Map<String, Object>>();
      for (int i = 1; i < lines.size(); i += 2) {
        documents.add(Json.object(lines.get(i)));
      }
      return documents;
    }
  }

  BulkServer() throws IOException {
    server = ScriptedServer.plain(Request::of, this::answered);
    requests = server.requests();
  }

  /// Over TLS.
  BulkServer(OwnCertificate certificate) throws IOException {
    server = ScriptedServer.tls(certificate.context(), Request::of, this::answered);
    requests = server.requests();
  }

  private Answer answered(Request request) throws Exception {
    return script.answer(request);
  }

  String endpoint() {
    return server.endpoint();
  }

  static Answer taken(Request request) {
    return items(request, _ -> CREATED);
  }

  /// @param item the answer for a document, by its number in the request
  static Answer items(Request request, Function<Integer, String> item) {
    var items = new ArrayList<String>();
    int documents = request.documents().size();
    for (int i = 0; i < documents; i++) {
      items.add(item.apply(i));
    }
    return answer(200, "{\"items\":[" + items.stream().collect(Collectors.joining(",")) + "]}");
  }

  static String failed(int status, String type, String reason) {
    return "{\"create\":{\"status\":%d,\"error\":{\"type\":\"%s\",\"reason\":\"%s\"}}}"
        .formatted(status, type, reason);
  }

  static Answer answer(int status, String body) {
    return Answer.of(status, body);
  }

  @Override
  public void close() {
    server.close();
  }
}
