package io.sluice.exporters.prometheusremotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pipeline.Outcome;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each folder of `golden/prometheusremotewrite` holds a configuration, a batch and what must arrive, worked
/// out by hand from the specifications; the last line is the outcome where it is not plain acceptance.
class GoldenTest {
  static Stream<Path> cases() throws IOException, URISyntaxException {
    var root =
        Path.of(
            Objects.requireNonNull(GoldenTest.class.getResource("/golden/prometheusremotewrite"))
                .toURI());
    try (var folders = Files.list(root)) {
      return folders.sorted().toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void arrivesAsTheSpecificationsSay(Path folder) throws Exception {
    var yaml = Files.readString(folder.resolve("config.yaml"));
    var protocol = yaml.contains("write.v2") ? Protocol.REMOTE_WRITE_2 : Protocol.REMOTE_WRITE_1;
    try (var receiver = new Receiver(protocol);
        var sending = new Sending(yaml, receiver.endpoint())) {
      if (protocol == Protocol.REMOTE_WRITE_2) {
        receiver.script = request -> Receiver.Answer.written(204, request.samples());
      }
      var outcome = sending.send(Sending.batch(Files.readString(folder.resolve("in.json"))));
      var arrived =
          receiver.requests.stream().map(Receiver.Request::text).collect(Collectors.joining());
      assertThat(arrived + text(outcome)).isEqualTo(Files.readString(folder.resolve("out.txt")));
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
