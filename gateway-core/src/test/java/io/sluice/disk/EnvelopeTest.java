package io.sluice.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Origin;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
  @Test
  void whatIsKnownOfTheSenderIsKeptButForItsSecrets() {
    var origin =
        new Origin(
            "otlp",
            "http",
            "::1",
            Map.of("x-tenant", List.of("a", "b"), "x-api-key", List.of("hush")),
            Map.of("username", "ann", "team", ""));
    var read = Envelope.decode(new Envelope(origin, "zstd", null).encoded());
    assertThat(read.encoding()).isEqualTo("zstd");
    assertThat(read.origin())
        .isEqualTo(
            new Origin(
                "otlp",
                "http",
                "::1",
                Map.of("x-tenant", List.of("a", "b")),
                Map.of("username", "ann", "team", "")));
  }
}
