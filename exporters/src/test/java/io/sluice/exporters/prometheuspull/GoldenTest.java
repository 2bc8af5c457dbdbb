package io.sluice.exporters.prometheuspull;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pipeline.Outcome;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each folder of `golden/prometheuspull` holds a configuration, batches and the page that must come of them,
/// worked out by hand from the specifications; behind it stand the outcomes that are not plain acceptance.
class GoldenTest {
  static Stream<Path> cases() throws IOException, URISyntaxException {
    var root =
        Path.of(
            Objects.requireNonNull(GoldenTest.class.getResource("/golden/prometheuspull")).toURI());
    try (var folders = Files.list(root)) {
      return folders.sorted().toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void showsWhatTheSpecificationsSay(Path folder) throws Exception {
    var outcomes = new StringBuilder();
    try (var scraped = new Scraped(Files.readString(folder.resolve("config.yaml")))) {
      for (var batch : Files.readString(folder.resolve("in.json")).split("(?m)^---\n")) {
        outcomes.append(text(scraped.send(batch)));
      }
      assertThat(scraped.page(Scraped.OPEN_METRICS) + outcomes)
          .isEqualTo(Files.readString(folder.resolve("out.txt")));
    }
  }

  private static String text(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted() -> "";
      case Outcome.Partial(var items, var reason, _) -> "partial " + items + ": " + reason + "\n";
      case Outcome.Rejected _, Outcome.Refused _ -> outcome + "\n";
    };
  }
}
