package io.sluice.exporters.loki;

import io.sluice.testkit.ScriptedServer;
import io.sluice.testkit.ScriptedServer.Answer;
import io.sluice.transport.codec.Codec;
import io.sluice.transport.codec.Decoder;
import io.sluice.wire.Bytes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/// Takes pushes on a loopback port and answers by script.
final class FakeLoki implements AutoCloseable {
  static final Answer TAKEN = Answer.of(204, "");
  private static final int BODY_BYTES_MAX = 64 << 20;

  private final ScriptedServer<Request> server;
  final List<Request> requests;
  volatile ScriptedServer.Script<Request> script = _ -> TAKEN;

  record Request(
      String path, Map<String, String> headers, List<PushText.Stream> streams, int bytes) {
    private static Request of(ScriptedServer.Request request) {
      boolean json = "application/json".equals(request.header("Content-Type"));
      boolean gzip = "gzip".equals(request.header("Content-Encoding"));
      var plain = json && !gzip ? request.body() : decoded(request.body(), json);
      var streams = json ? PushText.json(plain.utf8()) : PushText.protobuf(plain);
      return new Request(request.target(), request.headers(), streams, plain.length());
    }

    private static Bytes decoded(Bytes body, boolean json) {
      try (var decoder = new Decoder()) {
        return decoder.decode(json ? Codec.GZIP : Codec.SNAPPY, body, BODY_BYTES_MAX);
      }
    }

    /// Empty for nobody in particular.
    String tenant() {
      return headers.getOrDefault("X-Scope-OrgID", "");
    }

    String text() {
      return (tenant().isEmpty() ? "" : "tenant " + tenant() + "\n") + PushText.of(streams);
    }

    List<String> lines() {
      return streams.stream()
          .flatMap(stream -> stream.entries().stream())
          .map(PushText.Entry::line)
          .toList();
    }
  }

  FakeLoki() throws IOException {
    server = ScriptedServer.plain(Request::of, this::answer);
    requests = server.requests();
  }

  FakeLoki(SSLContext context) throws IOException {
    server = ScriptedServer.tls(context, Request::of, this::answer);
    requests = server.requests();
  }

  private Answer answer(Request request) throws Exception {
    return script.answer(request);
  }

  String endpoint() {
    return server.endpoint();
  }

  List<String> lines() {
    return requests.stream().flatMap(request -> request.lines().stream()).toList();
  }

  @Override
  public void close() {
    server.close();
  }
}
