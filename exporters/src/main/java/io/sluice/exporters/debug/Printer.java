package io.sluice.exporters.debug;

import io.sluice.telemetry.Log;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Where text goes: the gateway's log, or streams and files as they are, without time and level.
interface Printer {
  Printer NONE = (_, _) -> {};

  void print(String message, Map<String, Object> fields);

  default void print(String message) {
    print(message, Map.of());
  }

  default void close() {}

  static Printer to(Log log) {
    return (message, fields) ->
        log.info(
            message,
            fields.entrySet().stream()
                .flatMap(e -> java.util.stream.Stream.of(e.getKey(), e.getValue()))
                .toArray());
  }

  static Printer to(List<String> paths) throws IOException {
    var streams = new ArrayList<PrintStream>();
    var files = new ArrayList<PrintStream>();
    for (var path : paths) {
      switch (path) {
        case "stdout" -> streams.add(System.out);
        case "stderr" -> streams.add(System.err);
        default -> {
          var file =
              new PrintStream(new FileOutputStream(path, true), true, StandardCharsets.UTF_8);
          streams.add(file);
          files.add(file);
        }
      }
    }
    return new Streams(streams, files);
  }

  /// @param files those that are ours to close
  record Streams(List<PrintStream> streams, List<PrintStream> files) implements Printer {
    @Override
    public void print(String message, Map<String, Object> fields) {
      var line = fields.isEmpty() ? message + "\n" : message + "\t" + json(fields) + "\n";
      var bytes = line.getBytes(StandardCharsets.UTF_8);
      for (var stream : streams) {
        stream.write(bytes, 0, bytes.length);
        stream.flush();
      }
    }

    private static String json(Map<String, Object> fields) {
      return fields.entrySet().stream()
          .map(e -> "\"" + e.getKey() + "\": " + e.getValue())
          .collect(Collectors.joining(", ", "{", "}"));
    }

    @Override
    public void close() {
      files.forEach(PrintStream::close);
    }
  }
}
