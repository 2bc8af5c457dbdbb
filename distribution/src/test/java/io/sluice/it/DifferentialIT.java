package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.sluice.data.RandomMessages;
import io.sluice.data.Signal;
import io.sluice.it.Gateway.Kind;
import io.sluice.wire.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same YAML and the same requests through Sluice and through the real Collector give the same JSON, as
/// multisets of items with their resource and scope.
///
/// One run of each gateway has a pipeline for every case and signal, all fed by one receiver; each case writes a file of
/// its own.
final class DifferentialIT {
  private static final long SEED = 20_260_101;
  private static final String SPLITTING = "batch_max_size";
  private static final int BATCH_MAX = 5;
  private static final Pattern METADATA =
      Pattern.compile(", metadata=\\[.*](?=, name=)|(?<=\\{)metadata=\\[.*], (?=name=)");
  private static final int RANDOM_REQUESTS = 20;
  private static final List<String> KEYS =
      List.of("str", "num", "dbl", "yes", "list", "service.name", "http.url", "fresh", "");
  private static final List<Signal> SIGNALS = List.of(Signal.TRACES, Signal.METRICS, Signal.LOGS);
  private static final Path GOLDEN =
      Peers.module().resolve("../processors/src/test/resources/golden");

  /// What both write into, by gateway.
  private static Path ours;

  private static Path theirs;

  /// What requests a case gets.
  enum Input {
    /// All that OTLP allows.
    ANY,
    /// One key twice in a record, keys and values that refer to the dictionary of profiles.
    CROWDED,
    /// As of real senders: of one key twice Sluice hides both, the Collector the first.
    TIDY;

    String port(String protocol) {
      return name().toLowerCase(Locale.ROOT) + "_" + protocol;
    }
  }

  /// @param config of the processor, as YAML
  record Case(String name, String processor, List<String> signals, String config) {
    private static final Pattern HIDING = Pattern.compile("(?i)\"action\": \"(delete|hash)\"");
    private static final Pattern LINE =
        Pattern.compile(
            "\\{\"name\": \"(\\w+)\", \"signals\": \\[(.*?)], \"processor\": \"(\\w+)\", \"config\": (.*)}");

    static Case of(String line) {
      var parts = LINE.matcher(line);
      assertThat(parts.find()).as(line).isTrue();
      var signals = Stream.of(parts.group(2).split(", ")).map(s -> s.replace("\"", "")).toList();
      // An expression that ends with $ needs no second one; both read "${" alike.
      return new Case(parts.group(1), parts.group(3), signals, parts.group(4));
    }

    String processorId() {
      return processor + "/" + name;
    }

    Input input() {
      if (processor.isEmpty() || processor.equals("batch")) {
        return Input.ANY;
      }
      return HIDING.matcher(config).find() ? Input.TIDY : Input.CROWDED;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> cases() {
    var cases = new ArrayList<Case>();
    var all = SIGNALS.stream().map(DifferentialIT::name).toList();
    cases.add(new Case("pass_through", "", all, ""));
    cases.add(new Case("batch_default", "batch", all, ""));
    cases.add(new Case("batch_size", "batch", all, "{send_batch_size: 7, timeout: 50ms}"));
    cases.add(
        new Case(
            SPLITTING,
            "batch",
            all,
            "{send_batch_size: 3, send_batch_max_size: " + BATCH_MAX + ", timeout: 50ms}"));
    cases.add(
        new Case("batch_tenants", "batch", all, "{send_batch_size: 9, metadata_keys: [X-Tenant]}"));
    Programs.read(GOLDEN.resolve("cases.json"))
        .lines()
        .filter(line -> line.startsWith("{"))
        .map(Case::of)
        .forEach(cases::add);
    return cases;
  }

  private static String name(Signal signal) {
    return signal.name().toLowerCase(Locale.ROOT);
  }

  private static String yaml() {
    var processors = new StringBuilder("processors:\n");
    var exporters = new StringBuilder("exporters:\n");
    var pipelines = new StringBuilder("service:\n  pipelines:\n");
    for (var one : cases()) {
      var use = "";
      if (!one.processor.isEmpty()) {
        processors
            .append("  ")
            .append(one.processorId())
            .append(": ")
            .append(one.config)
            .append('\n');
        use = "processors: [" + one.processorId() + "], ";
      }
      for (var signal : one.signals) {
        // A file for each signal: the Collector can crash at its end where signals share one.
        var file = one + "_" + signal;
        exporters.append("  file/" + file + ": {path: \"%dir%/" + file + ".json\"}\n");
        var exporter = "exporters: [file/" + file + "]";
        var receiver = "otlp/" + one.input();
        pipelines.append("    " + signal + "/" + one + ": {receivers: [" + receiver + "], ");
        pipelines.append(use).append(exporter).append("}\n");
      }
    }
    return receivers() + processors + exporters + pipelines;
  }

  private static String receivers() {
    var receivers = new StringBuilder("receivers:\n");
    for (var input : Input.values()) {
      receivers.append("  otlp/" + input + ":\n    protocols:\n");
      for (var protocol : List.of("grpc", "http")) {
        receivers.append("      " + protocol + ": {endpoint: \"127.0.0.1:@");
        receivers.append(input.port(protocol) + "@\", include_metadata: true}\n");
      }
    }
    return receivers.toString();
  }

  @BeforeAll
  static void sendTheSameThroughBoth() {
    var random = new RandomMessages(SEED, true);
    var crowded = new Crowded(KEYS, SEED);
    var requests = new ArrayList<Request>();
    for (var signal : SIGNALS) {
      var golden = Programs.read(GOLDEN.resolve(name(signal) + ".json")).getBytes(Programs.UTF_8);
      for (var input : Input.values()) {
        requests.add(new Request(signal, true, input, Bytes.wrap(golden)));
      }
      for (int i = 0; i < RANDOM_REQUESTS; i++) {
        var any = random.request(signal);
        requests.add(Request.of(signal, Input.ANY, any));
        requests.add(Request.of(signal, Input.CROWDED, crowded.of(any)));
        requests.add(Request.of(signal, Input.TIDY, Tidy.of(any)));
      }
    }
    ours = run(Kind.SLUICE, requests);
    theirs = run(Kind.COLLECTOR, requests);
  }

  private record Request(Signal signal, boolean json, Input input, Bytes body) {
    static Request of(Signal signal, Input input, Message message) {
      return new Request(signal, false, input, Bytes.wrap(message.toByteArray()));
    }
  }

  private static Path run(Kind kind, List<Request> requests) {
    try (var gateway = Gateway.start(kind, yaml());
        var any = caller(gateway, Input.ANY);
        var crowded = caller(gateway, Input.CROWDED);
        var tidy = caller(gateway, Input.TIDY)) {
      int count = 0;
      for (var request : requests) {
        var caller =
            switch (request.input) {
              case ANY -> any;
              case CROWDED -> crowded;
              case TIDY -> tidy;
            };
        send(gateway, caller, request, "tenant-" + count++ / 3 % 3);
      }
      return gateway.file(".");
    }
  }

  private static GrpcCaller caller(Gateway gateway, Input input) {
    return new GrpcCaller(gateway.port(input.port("grpc")));
  }

  private static void send(Gateway gateway, GrpcCaller grpc, Request request, String tenant) {
    var uri = gateway.uri(request.input.port("http"), "/v1/" + name(request.signal));
    String[] headers = {"x-tenant", tenant, "x-many", "one"};
    if (request.json || tenant.endsWith("1")) {
      var type = request.json ? "application/json" : "application/x-protobuf";
      var answer = Http.post(uri, type, request.body.toArray(), headers);
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    } else {
      var answer = grpc.call(request.signal, request.body.toArray(), headers);
      assertThat(answer.code()).as(answer.message()).isEqualTo(Status.Code.OK);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sameItems(Case one) {
    for (var signal : one.signals) {
      var file = one + "_" + signal + ".json";
      var expected = Items.of(theirs.resolve(file));
      assertThat(expected).isNotEmpty();
      var actual = Items.of(ours.resolve(file));
      if (one.name.equals(SPLITTING)) {
        // The Collector loses the metadata of a metric that it splits; Sluice keeps it.
        expected = expected.stream().map(DifferentialIT::withoutMetadata).sorted().toList();
        actual = actual.stream().map(DifferentialIT::withoutMetadata).sorted().toList();
      }
      Items.assertSame(actual, expected);
    }
  }

  private static String withoutMetadata(String item) {
    return METADATA.matcher(item).replaceAll("");
  }

  @Test
  void noBatchIsLargerThanItsMaximum() {
    for (var signal : SIGNALS) {
      var lines = Programs.read(ours.resolve(SPLITTING + "_" + name(signal) + ".json")).lines();
      assertThat(lines).isNotEmpty().allMatch(line -> size(line) <= BATCH_MAX);
    }
  }

  /// As batches count: a metric without points is nothing.
  private static long size(String line) {
    return Items.of(line).stream()
        .filter(item -> !line.startsWith("{\"resourceMetrics") || item.contains("dataPoints=["))
        .count();
  }

  @Test
  void jsonIsReadAlike() {
    var requests = new ArrayList<Request>();
    for (var signal : SIGNALS) {
      Programs.read(theirs.resolve("pass_through_" + name(signal) + ".json"))
          .lines()
          .map(line ->
              new Request(signal, true, Input.ANY, Bytes.wrap(line.getBytes(Programs.UTF_8))))
          .forEach(requests::add);
    }
    var oursOfJson = run(Kind.SLUICE, requests);
    var theirsOfJson = run(Kind.COLLECTOR, requests);
    for (var signal : SIGNALS) {
      var file = "pass_through_" + name(signal) + ".json";
      var expected = Items.of(theirsOfJson.resolve(file));
      assertThat(expected).isNotEmpty();
      Items.assertSame(Items.of(oursOfJson.resolve(file)), expected);
    }
  }
}
