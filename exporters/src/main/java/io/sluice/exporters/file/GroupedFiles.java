package io.sluice.exporters.file;

import io.sluice.data.AnyValue;
import io.sluice.data.Attributes;
import io.sluice.data.Batch;
import io.sluice.data.Fields;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.sluice.wire.WireReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One file for each value of a resource attribute; at most so many are open at a time.
///
/// A file that was written since this process began is continued when it is opened again. All groups of a batch
/// are written or, if one fails, the batch is refused and a retry repeats those that succeeded.
final class GroupedFiles implements Destination {
  private final FileConfig config;
  private final Framing framing;
  private final InstantSource clock;
  private final Instant processStart;
  private final Bytes attribute;

  /// Least recently used first.
  private final LinkedHashMap<Path, OutputFile> open = new LinkedHashMap<>(16, 0.75f, true);

  GroupedFiles(FileConfig config, Framing framing, InstantSource clock, Instant processStart) {
    this.config = config;
    this.framing = framing;
    this.clock = clock;
    this.processStart = processStart;
    attribute = Bytes.utf8(config.groupBy().resourceAttribute());
  }

  @Override
  public void open() {
    // Which files there are, the batches say.
  }

  @Override
  public void write(Batch batch) throws IOException {
    for (var group : groups(batch.otlp()).entrySet()) {
      file(group.getKey()).append(framing.of(batch.signal(), Rope.of(group.getValue())));
    }
  }

  /// The resources by segment; what else is on the top level (a dictionary) goes to each.
  private Map<String, List<Bytes>> groups(Rope otlp) {
    var groups = new LinkedHashMap<String, List<Bytes>>();
    var shared = new ArrayList<Bytes>();
    for (var part : otlp.parts()) {
      var top = new WireReader().over(part);
      while (top.next()) {
        if (top.field() == 1) {
          var group = groups.computeIfAbsent(segment(top.bytes()), _ -> new ArrayList<>());
          group.add(top.wholeField());
        } else {
          shared.add(top.wholeField());
        }
      }
    }
    groups.values().forEach(group -> group.addAll(shared));
    return groups;
  }

  private String segment(Bytes resourceItems) {
    var attributes = Attributes.in(Fields.of(resourceItems).message(1), 1);
    if (attributes.find(attribute)
        && AnyValue.decode(attributes.value()) instanceof AnyValue.Text(var text)) {
      return Segment.of(text);
    }
    return Segment.MISSING;
  }

  private OutputFile file(String segment) throws IOException {
    var path = Path.of(config.path().replace("*", segment));
    var file = open.get(path);
    if (file != null) {
      return file;
    }
    makeRoom();
    Directories.create(path.toAbsolutePath().getParent(), config.permissions());
    var opened = new OutputFile(path, config, clock, processStart);
    opened.open(config.append());
    open.put(path, opened);
    return opened;
  }

  private void makeRoom() throws IOException {
    while (open.size() >= config.groupBy().maxOpenFiles()) {
      var eldest = open.pollFirstEntry();
      if (eldest != null) {
        eldest.getValue().close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (var file : open.values()) {
      file.close();
    }
    open.clear();
  }
}
