package io.sluice.exporters.loki;

/// What the push API is spoken in.
public enum Encoding {
  PROTOBUF,
  JSON
}
