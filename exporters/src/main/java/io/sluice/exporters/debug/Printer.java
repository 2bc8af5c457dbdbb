package io.sluice.exporters.debug;

import io.sluice.data.Signal;
import io.sluice.telemetry.Log;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where text goes: the gateway's log, or streams and files as they are, without time and level.
interface Printer {
  Printer NONE = (_, _, _) -> {};

  void print(Signal signal, String message, Map<String, Object> fields);

  default void print(Signal signal, String message) {
    print(signal, message, Map.of());
  }

  default void close() {}

  /// Beside its name the log shows the signal, as the Collector's does of an exporter.
  static Printer to(Log log) {
    return (signal, message, fields) ->
        log.info(
            message,
            Stream.concat(
                    Stream.of("otelcol.signal", signal.toString()),
                    fields.entrySet().stream().flatMap(e -> Stream.of(e.getKey(), e.getValue())))
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
    public void print(Signal signal, String message, Map<String, Object> fields) {
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
