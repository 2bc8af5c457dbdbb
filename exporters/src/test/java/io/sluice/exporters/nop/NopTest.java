package io.sluice.exporters.nop;

import io.sluice.component.ExporterFactory;
import io.sluice.component.Loops;
import io.sluice.testkit.ExporterContract;
import io.sluice.transport.TransportLoops;
import java.util.Optional;

class NopTest extends ExporterContract<NopConfig> {
  private final TransportLoops loops = TransportLoops.of(1, 1);

  @Override
  protected void close() {
    loops.close();
  }

  @Override
  protected ExporterFactory<NopConfig> factory() {
    return new NopFactory();
  }

  @Override
  protected NopConfig config() {
    return NopConfig.defaults();
  }

  @Override
  protected Optional<NopConfig> broken() {
    return Optional.empty();
  }

  @Override
  protected String brokenPart() {
    return "";
  }

  @Override
  protected Loops loops() {
    return loops;
  }

  @Override
  protected boolean discards() {
    return true;
  }

  @Override
  protected int arrived() {
    return -1;
  }
}
