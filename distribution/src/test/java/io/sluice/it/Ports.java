package io.sluice.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Ports of programs that cannot be asked which one they took, by the name that a text gives them as
/// `@name@`.
public final class Ports {
  private static final Pattern NAME = Pattern.compile("@([a-z_]+)@");

  private final Map<String, Integer> ports;

  private Ports(Map<String, Integer> ports) {
    this.ports = ports;
  }

  /// A free loopback port for each `@name@` of the text. All are held until all are chosen, so no two agree.
  public static Ports of(String text) {
    List<ServerSocket> held = new ArrayList<>();
    Map<String, Integer> ports = new LinkedHashMap<>();
    try {
      var names = NAME.matcher(text);
      while (names.find()) {
        if (!ports.containsKey(names.group(1))) {
          var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          held.add(socket);
          ports.put(names.group(1), socket.getLocalPort());
        }
      }
      for (var socket : held) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Ports(ports);
  }

  public int get(String name) {
    var port = ports.get(name);
    if (port == null) {
      throw new IllegalArgumentException("the text has no @" + name + "@");
    }
    return port;
  }

  public String fill(String text) {
    return NAME.matcher(text).replaceAll(name -> String.valueOf(get(name.group(1))));
  }
}
