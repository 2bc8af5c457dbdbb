package io.sluice.it;

import java.util.List;
import java.util.stream.Collectors;

/// The configuration of a gateway that stores spans on disk for one destination, `otlp_grpc/out`. Tests say
/// what they have besides.
///
/// @param storages `extensions` of type file_storage: what stands behind the directory, by the end of the id
/// @param processors in braces
/// @param exporter keys of the exporter, and of its queue
/// @param targets of the pipeline
record StoringYaml(
    int sink,
    List<Storage> storages,
    String admin,
    String processors,
    String exporter,
    String queue,
    String targets) {
  /// @param name empty, or `/name`
  record Storage(String name, String more) {
    private String id() {
      return "file_storage" + name;
    }

    private String line() {
      return "  %s: {directory: \"%%dir%%/queue%s\", create_directory: true%s}\n"
          .formatted(id(), name.replace('/', '-'), more);
    }
  }

  static StoringYaml to(SpanSink sink) {
    return new StoringYaml(
        sink.port(),
        List.of(new Storage("", "")),
        "",
        "",
        "",
        ", storage: file_storage",
        "otlp_grpc/out");
  }

  /// @param more keys of file_storage: `orphan: drain`
  StoringYaml storage(String more) {
    return storages(new Storage("", ", " + more));
  }

  StoringYaml storages(Storage... storages) {
    return new StoringYaml(sink, List.of(storages), admin, processors, exporter, queue, targets);
  }

  StoringYaml withAdmin() {
    return new StoringYaml(
        sink,
        storages,
        "  admin: {endpoint: \"127.0.0.1:@admin@\"}\n",
        processors,
        exporter,
        queue,
        targets);
  }

  /// @param batch its body
  StoringYaml batch(String batch) {
    return new StoringYaml(
        sink, storages, admin, "batch: {" + batch + "}", exporter, queue, targets);
  }

  StoringYaml exporter(String more) {
    return new StoringYaml(sink, storages, admin, processors, ", " + more, queue, targets);
  }

  /// @param keys of sending_queue in place of the storage
  StoringYaml queue(String keys) {
    return new StoringYaml(sink, storages, admin, processors, exporter, ", " + keys, targets);
  }

  StoringYaml targets(String targets) {
    return new StoringYaml(sink, storages, admin, processors, exporter, queue, targets);
  }

  /// As after somebody removed the exporter.
  StoringYaml withoutExporter() {
    return targets("nop");
  }

  private String exporters() {
    var out =
        """
          otlp_grpc/out:
            {endpoint: "127.0.0.1:%d", tls: {insecure: true}, compression: none,
             retry_on_failure: {initial_interval: 50ms, max_interval: 200ms},
             sending_queue: {queue_size: 100000%s}%s}
        """
            .formatted(sink, queue, exporter);
    return (targets.contains("otlp_grpc/out") ? out : "") + "  nop:\n";
  }

  String text() {
    var extensions = storages.stream().map(Storage::id).collect(Collectors.toList());
    if (!admin.isEmpty()) {
      extensions.add("admin");
    }
    return "extensions:\n"
        + storages.stream().map(Storage::line).collect(Collectors.joining())
        + admin
        + """
        receivers:
          otlp: {protocols: {grpc: {endpoint: "127.0.0.1:@grpc@"}}}
        processors: {%s}
        exporters:
        %sservice:
          extensions: %s
          pipelines:
            traces: {receivers: [otlp], processors: [%s], exporters: [%s]}
        """
            .formatted(
                processors, exporters(), extensions, processors.isEmpty() ? "" : "batch", targets);
  }
}
