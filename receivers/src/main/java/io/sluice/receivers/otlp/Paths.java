package io.sluice.receivers.otlp;

import java.util.ArrayDeque;

/// Request paths.
final class Paths {
  private Paths() {}

  /// The shortest path that names the same: without `//`, `.` and `..`. A slash at the end stays.
  static String clean(String path) {
    var segments = new ArrayDeque<String>();
    for (var segment : path.split("/", -1)) {
      switch (segment) {
        case "", "." -> {}
        case ".." -> segments.pollLast();
        default -> segments.addLast(segment);
      }
    }
    boolean slash = path.endsWith("/") && !segments.isEmpty();
    return "/" + String.join("/", segments) + (slash ? "/" : "");
  }
}
