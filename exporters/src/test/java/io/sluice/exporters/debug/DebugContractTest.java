package io.sluice.exporters.debug;

import io.sluice.component.ExporterFactory;
import io.sluice.component.Loops;
import io.sluice.exporters.debug.DebugConfig.Verbosity;
import io.sluice.testkit.ExporterContract;
import io.sluice.transport.TransportLoops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;

class DebugContractTest extends ExporterContract<DebugConfig> {
  private static final Pattern COUNT =
      Pattern.compile("\"(?:spans|log records|data points)\": (\\d+)");

  @TempDir private Path folder;
  private final TransportLoops loops = TransportLoops.of(1, 1);

  @Override
  protected void close() {
    loops.close();
  }

  @Override
  protected ExporterFactory<DebugConfig> factory() {
    return new DebugFactory();
  }

  private static DebugConfig to(String path) {
    return new DebugConfig(
        Verbosity.BASIC, 1000, 1, false, Optional.of(List.of(path)), Optional.empty());
  }

  @Override
  protected DebugConfig config() {
    return to(folder.resolve("out").toString());
  }

  @Override
  protected Optional<DebugConfig> broken() {
    return Optional.of(to(brokenPart()));
  }

  @Override
  protected String brokenPart() {
    return folder.resolve("no-such-folder/out").toString();
  }

  @Override
  protected Loops loops() {
    return loops;
  }

  @Override
  protected int arrived() throws IOException {
    var file = folder.resolve("out");
    var text = Files.exists(file) ? Files.readString(file) : "";
    return COUNT.matcher(text).results().mapToInt(m -> Integer.parseInt(m.group(1))).sum();
  }
}
