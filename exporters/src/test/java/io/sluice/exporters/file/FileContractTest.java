package io.sluice.exporters.file;

import io.sluice.component.ExporterFactory;
import io.sluice.component.Loops;
import io.sluice.testkit.ExporterContract;
import io.sluice.transport.TransportLoops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;

class FileContractTest extends ExporterContract<FileConfig> {
  /// Each item has exactly one of them.
  private static final Pattern ITEM = Pattern.compile("\"startTimeUnixNano\"|\"timeUnixNano\"");

  @TempDir private Path folder;
  private final TransportLoops loops = TransportLoops.of(1, 1);

  @Override
  protected void close() {
    loops.close();
  }

  @Override
  protected ExporterFactory<FileConfig> factory() {
    return new FileFactory();
  }

  private static FileConfig to(String path) {
    var d = FileConfig.defaults();
    return new FileConfig(
        path,
        d.append(),
        d.rotation(),
        d.format(),
        d.encoding(),
        d.compression(),
        d.compressionParams(),
        d.flushInterval(),
        d.groupBy(),
        d.createDirectory(),
        d.directoryPermissions());
  }

  @Override
  protected FileConfig config() {
    return to(folder.resolve("out.json").toString());
  }

  @Override
  protected Optional<FileConfig> broken() {
    return Optional.of(to(brokenPart()));
  }

  @Override
  protected String brokenPart() {
    return folder.resolve("no-such-folder/out.json").toString();
  }

  @Override
  protected Loops loops() {
    return loops;
  }

  @Override
  protected int arrived() throws IOException {
    var file = folder.resolve("out.json");
    return Files.exists(file) ? (int) ITEM.matcher(Files.readString(file)).results().count() : 0;
  }
}
