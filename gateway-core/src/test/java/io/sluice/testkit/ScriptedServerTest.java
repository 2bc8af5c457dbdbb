package io.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.testkit.ScriptedServer.Answer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ScriptedServerTest {
  private static Socket connected(ScriptedServer<?> server, String request) throws IOException {
    var uri = URI.create(server.endpoint());
    var socket = new Socket(uri.getHost(), uri.getPort());
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /// Else a test would take its own mistake for a server that does not answer.
  @Test
  void aRequestThatCannotBeReadFailsTheTest() throws Exception {
    var server = ScriptedServer.plain(request -> request, _ -> Answer.of(200, ""));
    try (var socket = connected(server, "GET / HTTP/1.1\r\nno colon\r\n\r\n")) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertThatThrownBy(server::close)
        .isInstanceOf(AssertionError.class)
        .hasRootCauseInstanceOf(StringIndexOutOfBoundsException.class);
  }

  @Test
  void noScriptOutlivesItsServer() throws Exception {
    var begun = new CountDownLatch(1);
    var ended = new AtomicBoolean();
    var server =
        ScriptedServer.plain(
            request -> request,
            _ -> {
              begun.countDown();
              try {
                new CountDownLatch(1).await();
              } finally {
                ended.set(true);
              }
              return Answer.NONE;
            });
    try (var _ = connected(server, "GET / HTTP/1.1\r\n\r\n")) {
      begun.await();
      server.close();
      assertThat(ended).isTrue();
    }
  }
}
