package io.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class WhyTest {
  static Stream<Arguments> causes() {
    return Stream.of(
        Arguments.of(new NoSuchFileException("/x"), "/x: no such file or directory"),
        Arguments.of(new AccessDeniedException("/x"), "/x: permission denied"),
        Arguments.of(new FileSystemException("/x", null, "Is a directory"), "/x: is a directory"),
        Arguments.of(
            new FileSystemException("/x", null, "No space left on device"),
            "/x: no space left on device"),
        Arguments.of(new FileSystemException("/x"), "/x: input/output error"),
        Arguments.of(
            new UncheckedIOException(new NoSuchFileException("/x")),
            "/x: no such file or directory"),
        Arguments.of(
            new UncheckedIOException("log output /x", new IOException("full")),
            "log output /x: full"),
        Arguments.of(
            new ExecutionException(new AccessDeniedException("/x")), "/x: permission denied"),
        Arguments.of(new UnknownHostException("nowhere"), "nowhere: no such host"),
        Arguments.of(
            new ConnectException(
                "finishConnect(..) failed with error(-111): Connection refused: localhost/127.0.0.1:4317"),
            "connection refused: localhost:4317"),
        Arguments.of(
            new ConnectException("Connection refused: /127.0.0.1:4317"),
            "connection refused: 127.0.0.1:4317"),
        Arguments.of(
            new ConnectException("Connection refused: /[0:0:0:0:0:0:0:1]:4317"),
            "connection refused: [0:0:0:0:0:0:0:1]:4317"),
        Arguments.of(
            new IOException("recvAddress(..) failed with error(-104): Connection reset by peer"),
            "connection reset by peer"),
        Arguments.of(
            new SSLException(
                "no connection", new SSLException("handshake", new IOException("expired"))),
            "no connection: expired"),
        Arguments.of(new SSLException("no connection"), "no connection"),
        Arguments.of(new IOException("what/ever:1 went wrong"), "what/ever:1 went wrong"),
        Arguments.of(new IOException(), "IOException"));
  }

  @ParameterizedTest
  @MethodSource("causes")
  void saysWhatTheSystemSaid(Throwable cause, String words) {
    assertThat(Why.of(cause)).isEqualTo(words);
  }

  @Test
  void saysWhyARealFileCannotBeRead(@TempDir Path folder) throws IOException {
    var missing = folder.resolve("missing");
    try (var _ = Files.newInputStream(missing)) {
      throw new AssertionError("it is there");
    } catch (NoSuchFileException e) {
      assertThat(Why.of(e)).isEqualTo(missing + ": no such file or directory");
    }
  }
}
