package io.sluice.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Replays the corpus; with `JAZZER_FUZZ=1` it looks for more.
class ConfigFuzzTest {
  @FuzzTest(maxDuration = "30s")
  void anyBytesLoadOrAreRefused(byte[] bytes) {
    FuzzConfig.loads(new String(bytes, StandardCharsets.UTF_8), "fuzz");
  }
}
