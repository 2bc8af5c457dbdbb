package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  private static final String VALID =
      """
      receivers: {otlp: {protocols: {grpc: null}}}
      exporters: {nop: null}
      service: {pipelines: {traces: {receivers: [otlp], exporters: [nop]}}}
      """;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  @TempDir private Path folder = Path.of(".");

  private int run(String... words) throws InterruptedException {
    return Main.run(new PrintStream(out, true), new PrintStream(err, true), words);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private String file(String yaml) throws IOException {
    var file = folder.resolve("x.yaml");
    Files.writeString(file, yaml);
    return file.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--confi x | unknown flag: --confi (did you mean '--config'?)",
        "--bogus | unknown flag: --bogus",
        "frobnicate | unknown command 'frobnicate'",
        "--config | flag needs an argument: --config",
        "--set novalue | --set: 'novalue' (expected: key=value)",
        "validate | at least one config flag must be provided",
        "print-config --format=toml | --format: 'toml' (expected: yaml or json)",
        "--feature-gates no.such.gate --config x | unknown gate 'no.such.gate'",
      })
  void wrongWordsGetAClearError(String words, String error) throws InterruptedException {
    assertThat(run(words.split(" "))).isEqualTo(1);
    assertThat(err()).contains(error);
  }

  @Test
  void validateIsSilentWhenAllIsWell() throws Exception {
    var yaml =
        VALID
            .replace(
                "exporters: {nop",
                "processors: {memory_limiter: {check_interval: 1s, limit_mib: 99}}\nexporters: {nop")
            .replace("receivers: [otlp],", "receivers: [otlp], processors: [memory_limiter],");

    assertThat(run("validate", "--config=" + file(yaml))).isZero();
    assertThat(out() + err()).isEmpty();
  }

  @Test
  void validateNamesFileLineAndColumnOfEveryMistake() throws Exception {
    var file = file(VALID.replace("nop: null", "nop: {x: 1}, kafka: null"));

    assertThat(run("validate", "--config", file)).isEqualTo(1);
    assertThat(err())
        .contains(file + ":2:19: exporters::nop::x: unknown key")
        .contains(file + ":2:26: exporters::kafka: the exporter 'kafka' of the Collector");
  }

  @Test
  void validateWarnsOfKeysWithoutEffectAndSucceeds() throws Exception {
    var file =
        file(VALID.replace("nop: null", "nop: null, file: {path: /tmp/x, flush_interval: 2s}"));

    assertThat(run("validate", "--config", file)).isZero();
    assertThat(err().lines())
        .anySatisfy(line ->
            assertThat(line)
                .startsWith(
                    "Warning: "
                        + file
                        + ":2:45: exporters::file::flush_interval: the key has no effect: "));
  }

  @Test
  void helpAndAnUnknownCommandListTheSame() throws Exception {
    assertThat(run("help")).isZero();
    var help = out();
    assertThat(help.substring(help.indexOf("commands:"), help.indexOf("flags:")).lines())
        .as("help")
        .filteredOn(line -> line.matches("  [a-z].*"))
        .flatExtracting(line -> List.of(line.strip().split("  +", 2)[0].split(", ")))
        .containsExactlyElementsOf(CommandLine.COMMANDS);

    assertThat(run("features")).isEqualTo(1);
    assertThat(err()).contains(String.join(", ", CommandLine.COMMANDS));
  }

  @Test
  void setWinsOverTheFile() throws Exception {
    assertThat(
            run(
                "print-config",
                "--set=receivers.otlp.protocols.grpc.endpoint=localhost:1234",
                "--config",
                file(VALID)))
        .isZero();
    assertThat(out()).contains("localhost:1234");
  }

  @Test
  void listsComponentsAndWritesASchema() throws Exception {
    assertThat(run("components")).isZero();
    assertThat(out()).contains("otlp_http").contains("memory_limiter");
    out.reset();
    assertThat(run("schema")).isZero();
    assertThat(out()).contains("\"send_batch_size\"").contains("json-schema.org");
  }
}
