package io.sluice.it;

/// Elasticsearch 7.10, the last that can be had from a package registry.
final class ElasticsearchIT extends SearchContract {
  @Override
  String peer() {
    return "elasticsearch";
  }
}
