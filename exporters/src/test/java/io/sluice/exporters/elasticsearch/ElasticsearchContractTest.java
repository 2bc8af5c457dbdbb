package io.sluice.exporters.elasticsearch;

import io.sluice.component.ExporterFactory;

class ElasticsearchContractTest extends BulkContract<ElasticsearchConfig> {
  @Override
  protected ExporterFactory<ElasticsearchConfig> factory() {
    return new ElasticsearchFactory();
  }
}
