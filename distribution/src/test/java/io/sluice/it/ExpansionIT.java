package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.sluice.it.Gateway.Kind;
import io.sluice.testkit.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// `print-config` of Sluice and of the real Collector show the same values after scalars were read,
/// references expanded, and files and `--set` merged.
final class ExpansionIT {
  private static final Map<String, String> ENVIRONMENT =
      Map.ofEntries(
          Map.entry("IT_NUMBER", "17"),
          Map.entry("IT_TEXT", "text"),
          Map.entry("IT_EMPTY", ""),
          Map.entry("IT_OCTAL", "007"),
          Map.entry("IT_HEX", "0x1F"),
          Map.entry("IT_EXPONENT", "1e3"),
          Map.entry("IT_HUGE", "123456789012345678901234567890"),
          Map.entry("IT_DECIMAL", "1.50"),
          Map.entry("IT_TRUE", "true"),
          Map.entry("IT_YES", "yes"),
          Map.entry("IT_QUOTED", "\"17\""),
          Map.entry("IT_SINGLE", "'17'"),
          Map.entry("IT_LIST", "[1, two, {c: 3}]"),
          Map.entry("IT_MAP", "{a: 1, b: {c: d}}"),
          Map.entry("IT_LINES", "a: 1\nb: 2\n"),
          Map.entry("IT_DOLLAR", "a$b"),
          Map.entry("IT_DOLLARS", "a$$b"),
          Map.entry("IT_REFERENCE", "${env:IT_NUMBER}"),
          Map.entry("IT_NAME", "IT_NUMBER"),
          Map.entry("IT_COLON", "a: b"),
          Map.entry("IT_HASH", "a #b"),
          Map.entry("IT_AT", "@x"),
          Map.entry("IT_BRACE", "{"),
          Map.entry("IT_BANG", "!x"),
          Map.entry("IT_BASE_60", "1:30:00"),
          Map.entry("IT_TRAILING", "x "),
          Map.entry("IT_NONSENSE", "- a: [b"));

  /// Values of attributes actions, one a line. `%dir%` is the folder with [#FILES], `%http%` a server
  /// that answers with the same.
  private static final String VALUES =
      """
      1e3
      0x1F
      0o17
      017
      1_000
      -0
      +5
      1.
      0b11
      -.5
      1e400
      99999999999999999999
      9223372036854775807
      -9223372036854775808
      18446744073709551615
      yes
      on
      NO
      y
      True
      1:30
      "a: b"
      "\\u00e9"
      "a\\nb"
      !!str 5
      !!float 5
      [a, 1, [], {}]
      {a: {b: [c]}}
      {<<: {a: 1}, b: 2}
      "$$"
      "$$$"
      "$$$$"
      "$"
      "a$"
      "$a"
      "$IT_NUMBER"
      "$${env:IT_NUMBER}"
      "$$${env:IT_NUMBER}"
      "$$$${env:IT_NUMBER}"
      "$${"
      "$}{"
      "%{env:IT_NUMBER}"
      "${IT_NUMBER}"
      "${env:IT_NUMBER}"
      "${env:IT_NUMBER}${env:IT_NUMBER}"
      "${env:IT_NUMBER} "
      " ${env:IT_NUMBER}"
      "{${env:IT_NUMBER}}"
      "${env:IT_NUMBER}}"
      "${env:IT_NONE:-a:b}"
      "${env:IT_NONE:-http://x:4317}"
      "${env:IT_NONE:-a:-b}"
      "${env:IT_NONE:-${env:IT_NUMBER}}"
      "${env:IT_NONE:-${env:IT_NONE:-z}}"
      "${env:${env:IT_NAME}}"
      "${env:IT_NONE:-{}}"
      "${env:IT_NONE:-[1]}"
      "${env:IT_NONE:-{a: 1}}"
      "a${env:IT_NONE}b"
      "a${env:IT_EMPTY}b"
      "${yaml:5}"
      "${yaml:[1, 2]}"
      "${yaml:a: b}"
      "${file:%dir%/text}"
      "${file:%dir%/line}"
      "${file:%dir%/number}"
      "${file:%dir%/map}"
      "${file:%dir%/pem}"
      "${file:%dir%/quoted}"
      "${file:%dir%/dollar}"
      "<${file:%dir%/line}>"
      "<${file:%dir%/number}>"
      "<${file:%dir%/map}>"
      "${http://%http%/number}"
      "${http://%http%/text}"
      "<${http://%http%/line}>"
      """;

  private static final Map<String, String> FILES =
      Map.of(
          "text", "hello",
          "line", "hello\n",
          "number", "17\n",
          "map", "a: 1\nb: [x, y]\n",
          "pem", "-----BEGIN X-----\nabc: def\n-----END X-----\n",
          "quoted", "\"17\"",
          "dollar", "p$$w",
          "batch", "processors: {batch: {timeout: 8s}}");

  private static final String BASE =
      """
      receivers: {otlp: {protocols: {grpc: , http: }}}
      processors: {batch: {timeout: 1s, send_batch_size: 5, metadata_keys: [a, b]}}
      exporters: {otlp_grpc: {endpoint: "a:1", headers: {a: x}}}
      service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_grpc]}}}
      """;

  /// What stands behind the [#BASE] on the command line. Not here: `{processors: {"batch::timeout": 3s}}`, of which the
  /// Collector now and then keeps the other value, as its maps have no order.
  static final List<List<String>> LAYERS =
      List.of(
          List.of("--config=yaml:processors::batch::timeout: 2s"),
          List.of("--config=yaml:{processors: {batch: {timeout: 2s}}}"),
          List.of("--config=yaml:{processors: {batch: {metadata_keys: [c]}}}"),
          List.of("--config=yaml:{processors: {batch: {metadata_keys: []}}}"),
          List.of("--config=yaml:{processors: {batch: {timeout: }}}"),
          List.of("--config=yaml:{processors: {batch: }}"),
          List.of("--config=yaml:{processors: {batch: {}}}"),
          List.of("--config=yaml:{processors: {batch/2: {timeout: 3s}}}"),
          List.of("--config=yaml:{processors: }"),
          List.of("--config=yaml:{exporters: {otlp: {endpoint: \"b:1\"}}}"),
          List.of("--config=env:IT_NONE:-{processors: {batch: {timeout: 9s}}}"),
          List.of("--config=%dir%/batch"),
          List.of("--config=file:%dir%/batch"),
          List.of("--config=FILE:%dir%/batch"),
          List.of("--config=file:%dir%/batch", "--config=yaml:processors::batch::timeout: 4s"),
          List.of("--config=http://%http%/batch"),
          List.of("--config=yaml:", "--config=env:IT_NONE"),
          List.of("--set=processors.batch.timeout=2s"),
          List.of("--set=processors::batch::timeout=2s"),
          List.of("--set=processors.batch::timeout=2s"),
          List.of("--set=processors.batch.metadata_keys=[c, d]"),
          List.of("--set=processors.batch.metadata_keys=c,d"),
          List.of("--set=processors.batch={timeout: 3s}"),
          List.of("--set=processors.batch={}"),
          List.of("--set=processors.batch.timeout="),
          List.of("--set=processors.batch.timeout=null"),
          List.of("--set=processors.batch.timeout=${env:IT_NUMBER}s"),
          List.of("--set=processors.batch/x.timeout=3s"),
          List.of("--set=processors.batch/x.y.timeout=3s"),
          List.of("--set=processors.batch.timeout=2s", "--set=processors.batch.timeout=3s"),
          List.of(
              "--set=processors.batch.timeout=2s", "--config=yaml:processors::batch::timeout: 4s"),
          List.of("--set=processors..batch=3s"),
          List.of("--set=processors.batch.timeout = 3s"),
          List.of("--set=processors.batch.send_batch_size=1e3"),
          List.of("--set=exporters.otlp_grpc.endpoint=${env:IT_TEXT}:${env:IT_NUMBER}"),
          List.of("--set=exporters.otlp_grpc.endpoint=b:1=c"),
          List.of("--set==5"),
          List.of("--set=a"),
          List.of("--config=vault:x"),
          List.of("--config=env:IT_NUMBER"),
          List.of("--config=yaml:5"),
          List.of("--config=yaml:[a]"),
          List.of("--config=http://%http%/missing"),
          List.of("--config=%dir%"),
          List.of("--config="),
          List.of("--config=%dir%/batch,%dir%/batch"));

  private static Path folder = Path.of(".");
  private static HttpServer server;

  @BeforeAll
  static void offerTheFiles() throws IOException {
    folder = Gateway.newFolder();
    FILES.forEach((name, text) -> Programs.write(folder.resolve(name), text));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var text = FILES.get(exchange.getRequestURI().getPath().substring(1));
          var body = (text == null ? "" : text).getBytes(Programs.UTF_8);
          exchange.sendResponseHeaders(
              text == null ? 404 : 200, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterAll
  static void endTheServer() {
    server.stop(0);
  }

  @Test
  void valuesAreReadAndExpandedAlike() {
    var expected = values(Kind.COLLECTOR);
    assertThat(expected.size()).isGreaterThan(ENVIRONMENT.size());
    assertThat(values(Kind.SLUICE)).containsExactlyEntriesOf(expected);
  }

  /// Every value by how it is written, all of them in one run.
  private static Map<String, Object> values(Kind kind) {
    var written = new ArrayList<String>();
    VALUES.lines().forEach(written::add);
    ENVIRONMENT.keySet().stream()
        .sorted()
        .filter(name -> !name.equals("IT_EMPTY"))
        .forEach(name -> {
          written.add("'${env:" + name + "}'");
          written.add("'<${env:" + name + "}>'");
        });
    var yaml = new StringBuilder("processors:\n  resource:\n    attributes:\n");
    written.forEach(
        value -> yaml.append("      - {key: k, action: insert, value: " + value + "}\n"));
    var file = Programs.write(folder.resolve(kind + ".yaml"), filled(yaml.toString()));
    var printed = json(Programs.done(ENVIRONMENT, command(kind, "--config=" + file)));
    var resource = Json.object(Json.object(printed.get("processors")).get("resource"));
    var found = new LinkedHashMap<String, Object>();
    var actions = Json.list(resource.get("attributes"));
    assertThat(actions).hasSameSizeAs(written);
    for (int i = 0; i < written.size(); i++) {
      found.put(written.get(i), Json.object(actions.get(i)).getOrDefault("value", Json.NULL));
    }
    return found;
  }

  @ParameterizedTest
  @FieldSource("LAYERS")
  void layersGiveTheSame(List<String> flags) {
    var filled = flags.stream().map(ExpansionIT::filled).toArray(String[]::new);
    var theirs = Programs.run(ENVIRONMENT, command(Kind.COLLECTOR, filled));
    var ours = Programs.run(ENVIRONMENT, command(Kind.SLUICE, filled));
    assertThat(ours.status() == 0)
        .as("accepts\nCollector: %s\nSluice: %s", theirs.output(), ours.output())
        .isEqualTo(theirs.status() == 0);
    if (theirs.status() == 0) {
      assertThat(seen(ours.output())).isEqualTo(seen(theirs.output()));
    }
  }

  /// Of all batch processors and the exporter, what the rows change. Zero and absent are the same.
  private static String seen(String output) {
    var printed = json(output);
    var seen = new StringBuilder();
    new TreeMap<>(Json.object(printed.get("processors")))
        .forEach((id, body) -> {
          var batch = Json.object(body);
          seen.append(id)
              .append(nanos(batch.getOrDefault("timeout", 0)))
              .append(batch.getOrDefault("send_batch_size", 0))
              .append(batch.get("metadata_keys") instanceof List<?> keys ? keys : List.of())
              .append(' ');
        });
    new TreeMap<>(Json.object(printed.get("exporters")))
        .forEach((id, body) -> seen.append(id).append(Json.object(body).get("endpoint")));
    return seen.toString();
  }

  /// The Collector prints durations as nanoseconds here, Sluice as a text that can be read again.
  private static String nanos(Object duration) {
    var text = duration.toString();
    return text.replaceFirst("^0s$", "0").replace("ms", "000000").replace("s", "000000000");
  }

  /// What is printed, behind the warnings.
  private static Map<String, Object> json(String output) {
    return Json.object(output.substring(output.indexOf("{\n")));
  }

  private static String filled(String text) {
    return text.replace("%dir%", folder.toString())
        .replace("%http%", "127.0.0.1:" + server.getAddress().getPort());
  }

  private static List<String> command(Kind kind, String... flags) {
    var base = Programs.write(folder.resolve("base.yaml"), BASE);
    var command =
        kind.command("print-config", "--mode=unredacted", "--format=json", "--config=" + base);
    command.addAll(Arrays.asList(flags));
    return command;
  }
}
