package io.sluice.exporters.prometheusremotewrite;

import io.sluice.component.Key;

/// Which message is sent.
public enum Protocol {
  @Key("prometheus.WriteRequest")
  REMOTE_WRITE_1,
  @Key("io.prometheus.write.v2.Request")
  REMOTE_WRITE_2
}
