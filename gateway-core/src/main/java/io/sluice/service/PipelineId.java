package io.sluice.service;

import io.sluice.data.Signal;

/// `traces` or `traces/name`.
public record PipelineId(Signal signal, String name) {
  @Override
  public String toString() {
    return name.isEmpty() ? signal.toString() : signal + "/" + name;
  }
}
