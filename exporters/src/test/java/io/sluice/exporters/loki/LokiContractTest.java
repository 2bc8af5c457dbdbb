package io.sluice.exporters.loki;

import io.sluice.component.ExporterFactory;
import io.sluice.component.Loops;
import io.sluice.config.ConfigContract;
import io.sluice.testkit.ExporterContract;
import io.sluice.transport.TransportLoops;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

class LokiContractTest extends ExporterContract<LokiConfig> {
  private static final String NO_SUCH_FILE = "/nonexistent/ca.pem";

  private final TransportLoops loops = TransportLoops.of(1, 1);
  private FakeLoki loki;

  @BeforeEach
  void open() throws IOException {
    loki = new FakeLoki();
  }

  @Override
  protected ExporterFactory<LokiConfig> factory() {
    return new LokiFactory();
  }

  @Override
  protected LokiConfig config() {
    return ConfigContract.bind(new LokiFactory(), "endpoint: \"" + loki.endpoint() + "\"");
  }

  @Override
  protected Optional<LokiConfig> broken() {
    return Optional.of(
        ConfigContract.bind(
            new LokiFactory(),
            "endpoint: \"https://127.0.0.1:1\"\ntls: {ca_file: " + NO_SUCH_FILE + "}"));
  }

  @Override
  protected String brokenPart() {
    return NO_SUCH_FILE;
  }

  @Override
  protected void close() {
    loops.close();
    loki.close();
  }

  @Override
  protected Loops loops() {
    return loops;
  }

  @Override
  protected int arrived() {
    return loki.lines().size();
  }
}
