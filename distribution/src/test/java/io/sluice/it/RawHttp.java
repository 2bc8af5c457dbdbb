package io.sluice.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/// HTTP/1.1 requests that no client library would send.
final class RawHttp {
  private static final int ANSWER_MS_MAX = 30_000;

  /// The peer closed without a word.
  static final int NO_ANSWER = 0;

  private RawHttp() {}

  /// Writes the head and the body as they are, on a connection of its own.
  ///
  /// @return the status of the final answer
  static int status(int port, String head, byte[] body) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(ANSWER_MS_MAX);
      try {
        var out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
      } catch (SocketException e) {
        // Answered and closed before all was read: the answer may still be there.
      }
      return finalStatus(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int finalStatus(Socket socket) throws IOException {
    for (var line = line(socket); !line.isEmpty(); line = line(socket)) {
      if (line.startsWith("HTTP/1.") && !line.startsWith("100", "HTTP/1.1 ".length())) {
        return Integer.parseInt(line.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
      }
      skipHeaders(socket);
    }
    return NO_ANSWER;
  }

  private static void skipHeaders(Socket socket) throws IOException {
    while (!line(socket).isEmpty()) {
      // up to the empty line
    }
  }

  private static String line(Socket socket) throws IOException {
    var line = new ByteArrayOutputStream();
    var in = socket.getInputStream();
    try {
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        if (b != '\r') {
          line.write(b);
        }
      }
    } catch (SocketException e) {
      return "";
    }
    return line.toString(Programs.UTF_8);
  }
}
