package io.sluice.processors.attributes;

import static io.sluice.testkit.Json.list;
import static io.sluice.testkit.Json.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Kind;
import io.sluice.component.Processor;
import io.sluice.data.Batch;
import io.sluice.data.Origin;
import io.sluice.data.OtlpJson;
import io.sluice.data.Signal;
import io.sluice.data.Validate;
import io.sluice.pipeline.BatchSink;
import io.sluice.processors.attraction.ActionConfig;
import io.sluice.processors.resource.ResourceConfig;
import io.sluice.processors.resource.ResourceFactory;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.Json;
import io.sluice.testkit.Recorder;
import io.sluice.testkit.TestLoop;
import io.sluice.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Both processors give what the real Collector gave for the same payloads and configuration
/// (`src/test/golden/record.py`).
final class GoldenTest {
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void givesWhatTheCollectorGives(String name, Signal signal, Map<String, Object> golden)
      throws Exception {
    var sink = new Recorder();
    processor(golden, sink).accept(batch(signal));
    var out = new ByteArrayOutputStream();
    var patched = sink.batches.getFirst();
    assertThat(Validate.request(signal, patched.otlp().flatten()).items())
        .isEqualTo(patched.items());
    OtlpJson.encode(signal, patched.otlp(), out);
    var found = canonical(Json.parse(out.toString(StandardCharsets.UTF_8)));
    var expected = canonical(Json.parse(read("out/" + signal + "/" + name + ".json")));
    assertThat(found).isEqualTo(expected);
  }

  static Stream<Arguments> cases() throws IOException {
    var cases = new ArrayList<Arguments>();
    for (var each : list(Json.parse(read("cases.json")))) {
      var golden = object(each);
      for (var signal : list(golden.get("signals"))) {
        cases.add(
            Arguments.of(
                golden.get("name"),
                Signal.valueOf(signal.toString().toUpperCase(Locale.ROOT)),
                golden));
      }
    }
    return cases.stream();
  }

  private static Batch batch(Signal signal) throws IOException {
    var wire = OtlpJson.decode(signal, Bytes.utf8(read(signal + ".json")));
    var checked = Validate.request(signal, wire);
    var metadata = Map.of("x-tenant", List.of("acme"), "x-many", List.of("one"));
    return Batch.of(signal, checked.otlp(), checked.items())
        .with(new Origin("otlp", "http", "127.0.0.1", metadata));
  }

  private static Processor processor(Map<String, Object> golden, BatchSink next) {
    var context = Contexts.of(Kind.PROCESSOR, "attributes", new TestLoop());
    var config = object(golden.get("config"));
    return "resource".equals(golden.get("processor"))
        ? new ResourceFactory()
            .create(new ResourceConfig(actions(config.get("attributes"))), context, next)
        : new AttributesFactory()
            .create(
                new AttributesConfig(
                    match(config.get("include")),
                    match(config.get("exclude")),
                    actions(config.get("actions"))),
                context,
                next);
  }

  private static List<ActionConfig> actions(@org.jspecify.annotations.Nullable Object list) {
    return list(list).stream()
        .map(each -> {
          var action = object(each);
          return new ActionConfig(
              text(action, "key"),
              text(action, "action"),
              Optional.ofNullable(action.get("value")),
              text(action, "from_attribute"),
              text(action, "from_context"),
              Optional.ofNullable(action.get("default_value")),
              text(action, "pattern"),
              text(action, "converted_type"));
        })
        .toList();
  }

  private static Optional<MatchConfig> match(@org.jspecify.annotations.Nullable Object value) {
    if (value == null) {
      return Optional.empty();
    }
    var config = object(value);
    return Optional.of(
        new MatchConfig(
            text(config, "match_type"),
            Optional.empty(),
            texts(config, "services"),
            texts(config, "span_names"),
            texts(config, "span_kinds"),
            texts(config, "log_bodies"),
            texts(config, "log_severity_texts"),
            Optional.ofNullable(config.get("log_severity_number"))
                .map(severity ->
                    new MatchConfig.SeverityConfig(
                        ((Number) Objects.requireNonNull(object(severity).get("min"))).intValue(),
                        Boolean.TRUE.equals(object(severity).get("match_undefined")))),
            texts(config, "metric_names"),
            attributes(config, "attributes"),
            attributes(config, "resources"),
            list(config.get("libraries")).stream()
                .map(library ->
                    new MatchConfig.LibraryConfig(
                        text(object(library), "name"),
                        Optional.ofNullable((String) object(library).get("version"))))
                .toList()));
  }

  private static List<MatchConfig.AttributeConfig> attributes(
      Map<String, Object> config, String key) {
    return list(config.get(key)).stream()
        .map(each ->
            new MatchConfig.AttributeConfig(
                text(object(each), "key"), Optional.ofNullable(object(each).get("value"))))
        .toList();
  }

  private static List<String> texts(Map<String, Object> config, String key) {
    return list(config.get(key)).stream().map(Object::toString).toList();
  }

  private static String text(Map<String, Object> config, String key) {
    return config.getOrDefault(key, "").toString();
  }

  /// With attributes in order of their keys: a map's order means nothing.
  private static Object canonical(Object value) {
    if (value instanceof Map<?, ?> map) {
      var sorted = new TreeMap<String, Object>();
      map.forEach((key, inner) -> sorted.put(key.toString(), canonical(inner)));
      return sorted;
    }
    if (value instanceof List<?> list) {
      var items = list.stream().<Object>map(GoldenTest::canonical);
      boolean attributes =
          list.stream().allMatch(item -> item instanceof Map<?, ?> map && map.containsKey("key"));
      return attributes
          ? items.sorted(Comparator.comparing(Object::toString)).toList()
          : items.toList();
    }
    return value;
  }

  private static String read(String name) throws IOException {
    try (var in = GoldenTest.class.getResourceAsStream("/golden/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
