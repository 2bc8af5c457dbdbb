package io.sluice.exporters.debug;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Kind;
import io.sluice.component.QueueConfig;
import io.sluice.data.Batch;
import io.sluice.data.OtlpJson;
import io.sluice.data.Signal;
import io.sluice.data.Validate;
import io.sluice.exporters.debug.DebugConfig.Verbosity;
import io.sluice.pipeline.Outcome;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.TestLoop;
import io.sluice.wire.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DebugTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "TRACES,NORMAL",
    "TRACES,DETAILED",
    "METRICS,NORMAL",
    "METRICS,DETAILED",
    "LOGS,NORMAL",
    "LOGS,DETAILED"
  })
  void printsWhatTheCollectorPrints(Signal signal, Verbosity verbosity) throws Exception {
    var golden = read(signal + "." + verbosity.name().toLowerCase(Locale.ROOT));
    assertThat(printed(verbosity, 1, 2, 1, batch(signal))).isEqualTo(golden);
  }

  @Test
  void printsCountsOnly() throws Exception {
    assertThat(printed(Verbosity.BASIC, 1, 2, 1, batch(Signal.METRICS)))
        .isEqualTo("Metrics\t{\"resource metrics\": 3, \"metrics\": 8, \"data points\": 31}\n");
  }

  @Test
  void printsProfilesOneALine() throws Exception {
    var json =
        """
        {"resourceProfiles":[{"schemaUrl":"u","scopeProfiles":[{"profiles":[
          {"profileId":"5b8efff798038103d269b633813fc60c","samples":[{},{}]}]}]}]}
        """;
    var wire = OtlpJson.decode(Signal.PROFILES, Bytes.utf8(json));
    var checked = Validate.request(Signal.PROFILES, wire);
    var batch = Batch.of(Signal.PROFILES, checked.otlp(), checked.items());
    assertThat(printed(Verbosity.DETAILED, 1, 2, 1, batch))
        .isEqualTo(
            """
            Profiles\t{"resource profiles": 1, "sample records": 2}
            ResourceProfiles #0 [u]
            ScopeProfiles #0
            5b8efff798038103d269b633813fc60c samples=2

            """);
  }

  @Test
  void thinsOutEqualMessages() throws Exception {
    var batch = batch(Signal.LOGS);
    assertThat(printed(Verbosity.BASIC, 10, 2, 1, batch).lines()).hasSize(10);
    assertThat(printed(Verbosity.BASIC, 10, 2, 3, batch).lines()).hasSize(4);
    assertThat(printed(Verbosity.BASIC, 10, 2, 0, batch).lines()).hasSize(2);
  }

  @Test
  void spellsOutWhatATerminalWouldObey() {
    assertThat(Printable.of("a\u001b[31m\nb\tc\u009b")).isEqualTo("a\\u001b[31m\nb\tc\\u009b");
  }

  private String printed(Verbosity verbosity, int times, int initial, int thereafter, Batch batch)
      throws Exception {
    var file = directory.resolve("out");
    Files.deleteIfExists(file);
    var loop = new TestLoop();
    loop.advance(Duration.ofSeconds(5));
    var config =
        new DebugConfig(
            verbosity,
            initial,
            thereafter,
            false,
            Optional.of(List.of(file.toString())),
            Optional.<QueueConfig>empty());
    var exporter = new DebugFactory().create(config, Contexts.of(Kind.EXPORTER, "debug", loop));
    assertThat(exporter.start().succeeded()).isTrue();
    for (int i = 0; i < times; i++) {
      assertThat(exporter.accept(batch).result()).isEqualTo(new Outcome.Accepted());
    }
    assertThat(exporter.stop().succeeded()).isTrue();
    return Files.readString(file);
  }

  private static Batch batch(Signal signal) throws IOException {
    var wire = OtlpJson.decode(signal, Bytes.utf8(read(signal + ".json")));
    var checked = Validate.request(signal, wire);
    return Batch.of(signal, checked.otlp(), checked.items());
  }

  private static String read(String name) throws IOException {
    try (var in = DebugTest.class.getResourceAsStream("/golden/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
