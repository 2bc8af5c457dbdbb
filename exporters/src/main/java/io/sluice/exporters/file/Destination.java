package io.sluice.exporters.file;

import io.sluice.data.Batch;
import java.io.IOException;

/// Where batches are written. Lives on the writing thread.
interface Destination {
  void open() throws IOException;

  /// Afterwards the operating system has all of the batch, or, after an exception, none of it.
  void write(Batch batch) throws IOException;

  void close() throws IOException;
}
