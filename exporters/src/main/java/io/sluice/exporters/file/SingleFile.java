package io.sluice.exporters.file;

import io.sluice.data.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

/// All batches to one file.
final class SingleFile implements Destination {
  private final Framing framing;
  private final OutputFile file;
  private final Path path;
  private final FileConfig config;

  SingleFile(FileConfig config, Framing framing, InstantSource clock, Instant processStart) {
    this.config = config;
    this.framing = framing;
    path = Path.of(config.path());
    file = new OutputFile(path, config, clock, processStart);
  }

  @Override
  public void open() throws IOException {
    if (config.createDirectory()) {
      Directories.create(path.toAbsolutePath().getParent(), config.permissions());
    }
    file.open(config.append());
  }

  @Override
  public void write(Batch batch) throws IOException {
    file.append(framing.of(batch.signal(), batch.otlp()));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
