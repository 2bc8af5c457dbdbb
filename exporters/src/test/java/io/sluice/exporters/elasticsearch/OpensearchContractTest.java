package io.sluice.exporters.elasticsearch;

import io.sluice.component.ExporterFactory;

class OpensearchContractTest extends BulkContract<OpensearchConfig> {
  @Override
  protected ExporterFactory<OpensearchConfig> factory() {
    return new OpensearchFactory();
  }
}
