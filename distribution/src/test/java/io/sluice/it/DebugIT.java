package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.Gateway.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The `debug` exporter prints what the real Collector's prints.
final class DebugIT {
  private static final String YAML =
      """
      receivers:
        otlp: {protocols: {http: {endpoint: "127.0.0.1:@http@"}}}
      exporters:
        debug: {verbosity: VERBOSITY}
      service:
        pipelines:
          traces: {receivers: [otlp], exporters: [debug]}
          metrics: {receivers: [otlp], exporters: [debug]}
          logs: {receivers: [otlp], exporters: [debug]}
      """;
  private static final Path GOLDEN =
      Peers.module().resolve("../processors/src/test/resources/golden");

  /// Time, level and place of a log line.
  private static final Pattern HEAD = Pattern.compile("^\\S+Z\\tinfo\\t(\\S+:\\d+\\t)?");

  /// The resource of the gateway itself; what it is called differs.
  private static final Pattern RESOURCE = Pattern.compile("\"resource\": \\{[^}]*}(, )?");

  @ParameterizedTest
  @ValueSource(strings = {"basic", "normal", "detailed"})
  void printsTheSame(String verbosity) {
    assertThat(printed(Kind.SLUICE, verbosity)).isEqualTo(printed(Kind.COLLECTOR, verbosity));
  }

  private static String printed(Kind kind, String verbosity) {
    try (var gateway = Gateway.start(kind, YAML.replace("VERBOSITY", verbosity))) {
      int before = gateway.log().length();
      for (var signal : List.of("traces", "metrics", "logs")) {
        var body = Programs.read(GOLDEN.resolve(signal + ".json")).getBytes(Programs.UTF_8);
        var answer = Http.post(gateway.uri("http", "/v1/" + signal), "application/json", body);
        assertThat(answer.status()).isEqualTo(200);
      }
      gateway.close();
      var log = gateway.log().substring(before);
      var text = log.substring(0, log.lastIndexOf('\n', endOfOutput(log)) + 1);
      assertThat(text).isNotBlank();
      return String.join("\n", text.lines().map(DebugIT::withoutFrame).toList());
    }
  }

  /// Where the gateway's own words about its end begin.
  private static int endOfOutput(String log) {
    var stop = Pattern.compile("Received signal|Starting shutdown").matcher(log);
    assertThat(stop.find()).isTrue();
    return stop.start();
  }

  private static String withoutFrame(String line) {
    return RESOURCE.matcher(HEAD.matcher(line).replaceFirst("")).replaceFirst("");
  }
}
