package io.sluice.exporters.prometheusremotewrite;

import io.sluice.component.ExporterFactory;
import io.sluice.component.Loops;
import io.sluice.config.ConfigContract;
import io.sluice.testkit.ExporterContract;
import io.sluice.transport.TransportLoops;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

class PrometheusRemoteWriteContractTest extends ExporterContract<PrometheusRemoteWriteConfig> {
  private static final String NO_SUCH_FILE = "/nonexistent/ca.pem";

  private final TransportLoops loops = TransportLoops.of(1, 1);
  private Receiver receiver;

  @BeforeEach
  void open() throws IOException {
    receiver = new Receiver(Protocol.REMOTE_WRITE_1);
  }

  @Override
  protected ExporterFactory<PrometheusRemoteWriteConfig> factory() {
    return new PrometheusRemoteWriteFactory();
  }

  @Override
  protected PrometheusRemoteWriteConfig config() {
    return ConfigContract.bind(
        new PrometheusRemoteWriteFactory(), "endpoint: \"" + receiver.endpoint() + "\"");
  }

  @Override
  protected Optional<PrometheusRemoteWriteConfig> broken() {
    return Optional.of(
        ConfigContract.bind(
            new PrometheusRemoteWriteFactory(),
            "endpoint: \"https://127.0.0.1:1\"\ntls: {ca_file: " + NO_SUCH_FILE + "}"));
  }

  @Override
  protected String brokenPart() {
    return NO_SUCH_FILE;
  }

  @Override
  protected void close() {
    loops.close();
    receiver.close();
  }

  @Override
  protected Loops loops() {
    return loops;
  }

  @Override
  protected int arrived() {
    return receiver.requests.stream().mapToInt(Receiver.Request::samples).sum();
  }
}
