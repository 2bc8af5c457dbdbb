package io.sluice.receivers.otlp;

import java.util.Set;

/// Which headers `include_metadata` never keeps: what is kept may end on disk.
final class Kept {
  static final Set<String> NEVER =
      Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

  private Kept() {}
}
