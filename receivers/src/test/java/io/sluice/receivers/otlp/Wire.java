package io.sluice.receivers.otlp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/// A bare connection to a server here.
final class Wire implements AutoCloseable {
  final Socket socket;

  Wire(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(Running.PATIENCE_SECONDS * 1000);
  }

  Wire write(String text) throws IOException {
    return write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Wire write(byte... bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /// Writes until the server has had enough. Returns whether it took all of it.
  boolean flood(int times, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    try {
      for (int i = 0; i < times; i++) {
        socket.getOutputStream().write(bytes);
      }
      return true;
    } catch (SocketException _) {
      return false;
    }
  }

  /// The status of the next answer, or 0 if the connection ended without one.
  int status() throws IOException {
    try {
      var line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      return line.length() < 12 ? 0 : Integer.parseInt(line.substring("HTTP/1.1 ".length()));
    } catch (SocketException _) {
      return 0;
    }
  }

  /// Whatever comes until the server ends the connection.
  String rest() throws IOException {
    var all = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(all);
    } catch (SocketException _) {
      // It ended that way.
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  /// Whether the server ends the connection, as it does or does not within a short time.
  boolean ended(int withinMs) throws IOException {
    socket.setSoTimeout(withinMs);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (SocketException _) {
      return true;
    } finally {
      socket.setSoTimeout(Running.PATIENCE_SECONDS * 1000);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
