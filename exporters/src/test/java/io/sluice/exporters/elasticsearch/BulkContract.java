package io.sluice.exporters.elasticsearch;

import io.sluice.component.Loops;
import io.sluice.config.ConfigContract;
import io.sluice.testkit.ExporterContract;
import io.sluice.transport.TransportLoops;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

/// What all exporters promise, for both dialects.
abstract class BulkContract<C extends Record> extends ExporterContract<C> {
  private static final String NO_SUCH_FILE = "/nonexistent/ca.pem";

  private final TransportLoops loops = TransportLoops.of(1, 1);
  private BulkServer server;

  @BeforeEach
  void open() throws IOException {
    server = new BulkServer();
  }

  @Override
  protected C config() {
    return ConfigContract.bind(factory(), "endpoint: \"" + server.endpoint() + "\"");
  }

  @Override
  protected Optional<C> broken() {
    return Optional.of(
        ConfigContract.bind(
            factory(), "endpoint: \"https://127.0.0.1:1\"\ntls: {ca_file: " + NO_SUCH_FILE + "}"));
  }

  @Override
  protected String brokenPart() {
    return NO_SUCH_FILE;
  }

  @Override
  protected void close() {
    loops.close();
    server.close();
  }

  @Override
  protected Loops loops() {
    return loops;
  }

  @Override
  protected int arrived() {
    return server.requests.stream().mapToInt(request -> request.documents().size()).sum();
  }
}
