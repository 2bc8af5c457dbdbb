package io.sluice.receivers.otlp;

import java.util.Set;

/// Headers that `include_metadata` never keeps: what is kept may end on disk.
final class Credentials {
  static final Set<String> HEADERS =
      Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

  private Credentials() {}
}
