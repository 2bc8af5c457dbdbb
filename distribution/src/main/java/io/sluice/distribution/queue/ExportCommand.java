package io.sluice.distribution.queue;

import io.sluice.telemetry.Why;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `sluice queue export`: the content of records, as the Collector's file exporter writes it: a line of
/// OTLP/JSON each, or the length (four bytes, big-endian) and OTLP.
final class ExportCommand {
  private final PrintStream out;
  private final PrintStream err;
  private long records;

  ExportCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  int run(List<Queue> queues, Map<String, String> parameters, QueueLine line) {
    var format = line.value("--format").isEmpty() ? "json" : line.value("--format");
    if (!format.equals("json") && !format.equals("proto")) {
      throw QueueException.usage("--format: '" + format + "' (expected: json or proto)");
    }
    if (format.equals("proto")) {
      ofOneSignal(queues);
    }
    var all = new HashMap<>(parameters);
    all.put("format", format);
    var file = line.value("--output");
    long limit = line.limit(Long.MAX_VALUE);
    try (var to = file.isEmpty() ? out : output(Path.of(file))) {
      write(queues, all, limit, to);
      to.flush();
      if (out.checkError()) { // a PrintStream tells nobody
        throw new IOException("not all of it could be written");
      }
    } catch (IOException | UncheckedIOException e) {
      throw QueueException.failed(
          (file.isEmpty() ? "stdout" : file) + ": cannot be written: " + Why.of(e));
    }
    err.println(records + " records exported" + (file.isEmpty() ? "" : " to " + file));
    return 0;
  }

  /// OTLP does not say of itself which signal it is.
  private static void ofOneSignal(List<Queue> queues) {
    Set<String> signals = new HashSet<>();
    queues.forEach(queue ->
        signals.add(queue.destination().substring(queue.destination().lastIndexOf(':') + 1)));
    if (signals.size() > 1) {
      throw QueueException.usage(
          "--format proto: the queues hold "
              + signals
              + " (expected: one signal; --destination chooses)");
    }
  }

  private void write(
      List<Queue> queues, Map<String, String> parameters, long limit, OutputStream to) {
    var pages = new Pages(err, limit);
    for (var queue : queues) {
      pages.read(
          queue,
          "export",
          parameters,
          answer -> {
            try {
              answer.body().writeTo(to);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            records += answer.records();
          });
    }
  }

  /// What somebody sent is for nobody else.
  private static OutputStream output(Path file) throws IOException {
    try {
      return new BufferedOutputStream(
          Channels.newOutputStream(
              Files.newByteChannel(
                  file,
                  Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                  PosixFilePermissions.asFileAttribute(
                      PosixFilePermissions.fromString("rw-------")))));
    } catch (FileAlreadyExistsException _) {
      throw QueueException.failed("--output: " + file + " is there already (expected: a new file)");
    }
  }
}
