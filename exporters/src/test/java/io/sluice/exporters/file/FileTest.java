package io.sluice.exporters.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.component.Exporter;
import io.sluice.component.Findings;
import io.sluice.component.Kind;
import io.sluice.data.Batch;
import io.sluice.data.OtlpJson;
import io.sluice.data.Signal;
import io.sluice.data.Validate;
import io.sluice.exporters.file.FileConfig.CompressionParams;
import io.sluice.exporters.file.FileConfig.Format;
import io.sluice.exporters.file.FileConfig.GroupBy;
import io.sluice.exporters.file.FileConfig.Rotation;
import io.sluice.pipeline.Outcome;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.Json;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FileTest {
  @TempDir Path directory;
  private final LoopThread loop = new LoopThread();

  @AfterEach
  void stopLoop() {
    loop.close();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROFILES")
  void writesTheCollectorsJson(Signal signal) throws Exception {
    write(config(Format.JSON, ""), batch(signal));
    var written = Files.readString(path());
    assertThat(written).endsWith("}\n");
    assertThat(Json.parse(written)).isEqualTo(Json.parse(text(signal + ".line.json")));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROFILES")
  void framesAsTheCollectorDoes(Signal signal) throws Exception {
    write(config(Format.PROTO, ""), batch(signal));
    assertThat(json(signal, message(Files.readAllBytes(path()))))
        .isEqualTo(json(signal, message(bytes(signal + ".proto"))));
    Files.delete(path());
    write(config(Format.PROTO, "zstd"), batch(signal));
    assertThat(json(signal, unpacked(Files.readAllBytes(path()))))
        .isEqualTo(json(signal, unpacked(bytes(signal + ".zstd.proto"))));
    Files.delete(path());
    write(config(Format.JSON, "zstd"), batch(signal));
    assertThat(Json.parse(new String(unpacked(Files.readAllBytes(path())), StandardCharsets.UTF_8)))
        .isEqualTo(
            Json.parse(new String(unpacked(bytes(signal + ".zstd.json")), StandardCharsets.UTF_8)));
  }

  @Test
  void emptiesTheFileAtStartUnlessToldToAppend() throws Exception {
    Files.writeString(path(), "old\n");
    var earlierProcess = FileTime.from(Instant.EPOCH.minusSeconds(60));
    Files.setLastModifiedTime(path(), earlierProcess);
    write(config(Format.JSON, ""), batch(Signal.LOGS));
    assertThat(Files.readString(path())).doesNotContain("old");
    write(appending(), batch(Signal.LOGS), batch(Signal.LOGS));
    assertThat(Files.readAllLines(path())).hasSize(3);
  }

  /// As in a reload: the new one starts before the old one stops.
  @Test
  void linesOfTwoAtATimeAllStay() throws Exception {
    for (var config : List.of(config(Format.JSON, ""), appending())) {
      var older = exporter(config);
      assertThat(outcome(older.start()).succeeded()).isTrue();
      assertTaken(older, 3);
      var newer = exporter(config);
      assertThat(outcome(newer.start()).succeeded()).isTrue();
      assertTaken(newer, 2);
      assertTaken(older, 1);
      assertTaken(newer, 1);
      assertThat(outcome(older.stop()).succeeded()).isTrue();
      assertThat(outcome(newer.stop()).succeeded()).isTrue();
      var lines = Files.readAllLines(path());
      assertThat(lines).hasSize(7).containsOnly(lines.getFirst());
      Files.delete(path());
    }
  }

  private static void assertTaken(Exporter exporter, int batches) throws Exception {
    for (int i = 0; i < batches; i++) {
      assertThat(outcome(exporter.accept(batch(Signal.LOGS))).result())
          .isEqualTo(new Outcome.Accepted());
    }
  }

  @Test
  void refusesWhatWaitsWhenItsThreadDies() throws Exception {
    var context = Contexts.of(Kind.EXPORTER, "file", loop);
    var exporter = new FileExporter(config(Format.JSON, ""), context, new Broken());
    assertThat(outcome(exporter.start()).succeeded()).isTrue();
    var answers = new ArrayList<Future<Outcome>>();
    var logs = batch(Signal.LOGS);
    var all = new CountDownLatch(1);
    loop.execute(() -> { // as an exporter is called: when it ends, nobody adds anything meanwhile
      for (int i = 0; i < 10; i++) {
        answers.add(exporter.accept(logs));
      }
      all.countDown();
    });
    assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
    for (var answer : answers) {
      assertThat(outcome(answer).result()).isInstanceOf(Outcome.Refused.class);
    }
    assertThat(outcome(exporter.accept(batch(Signal.LOGS))).result())
        .isInstanceOf(Outcome.Refused.class);
    assertThat(outcome(exporter.stop()).succeeded()).isTrue();
  }

  private static final class Broken implements Destination {
    @Override
    public void open() {}

    @Override
    public void write(Batch batch) {
      throw new OutOfMemoryError("not really");
    }

    @Override
    public void close() {}
  }

  @Test
  void rotatesBySizeAndKeepsTheNewest() throws Exception {
    var rotation = Optional.of(new Rotation(1, 0, 2, false));
    var config = config(rotation, GroupBy.defaults(), path().toString());
    var large = large();
    write(config, large, large, large, large, large, large, large, large);
    try (var files = Files.list(directory)) {
      var names = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertThat(names).hasSize(3).contains("out.json");
      assertThat(names.getFirst())
          .matches("out-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d{3}-size\\.json");
    }
    assertThat(Files.size(path())).isBetween(1L, 1L << 20);
  }

  @Test
  void givesEachValueOfAnAttributeItsFile() throws Exception {
    var request = ExportTraceServiceRequest.newBuilder();
    for (var tenant : List.of("a", "b", "a", "../../etc/x", "", "a/b")) {
      var resource = request.addResourceSpansBuilder().setSchemaUrl(tenant);
      resource
          .getResourceBuilder()
          .addAttributesBuilder()
          .setKey("t")
          .getValueBuilder()
          .setStringValue(tenant);
      resource.addScopeSpansBuilder().addSpansBuilder().setName("of " + tenant);
    }
    request.addResourceSpansBuilder().addScopeSpansBuilder().addSpansBuilder().setName("nobody");
    var batch = Batch.of(Signal.TRACES, Rope.of(Bytes.wrap(request.build().toByteArray())), 7);
    var groups = new GroupBy(true, "t", 2);
    write(config(Optional.empty(), groups, directory + "/sub/*.json"), batch, batch);
    try (var files = Files.list(directory.resolve("sub"))) {
      assertThat(files.map(file -> file.getFileName().toString()).sorted())
          .containsExactly(
              "a.json",
              "a~002Fb.json",
              "b.json",
              "~002E~002E~002F.~002E~002Fetc~002Fx.json",
              "~empty.json",
              "~missing.json");
    }
    assertThat(Files.readAllLines(directory.resolve("sub/a.json")))
        .hasSize(2)
        .allMatch(line -> line.split("of a", -1).length == 3);
    assertThat(Files.readAllLines(directory.resolve("sub/~missing.json"))).hasSize(2);
  }

  @Test
  void createsDirectoriesOnlyIfToldTo() throws Exception {
    var deep = directory.resolve("x/y/out.json");
    var defaults = FileConfig.defaults();
    var plain = config(Optional.empty(), GroupBy.defaults(), deep.toString());
    var exporter = exporter(plain);
    assertThat(outcome(exporter.start()).cause()).hasMessage(deep + ": no such file or directory");
    assertThat(outcome(exporter.stop()).succeeded()).isTrue();
    var creating =
        new FileConfig(
            deep.toString(),
            false,
            Optional.empty(),
            Format.JSON,
            Optional.empty(),
            "",
            defaults.compressionParams(),
            Duration.ZERO,
            GroupBy.defaults(),
            true,
            "0700");
    write(creating, batch(Signal.LOGS));
    assertThat(Files.getPosixFilePermissions(deep.getParent())).hasSize(3);
  }

  @Test
  void refusesWhatItCannotWrite() throws Exception {
    var full = Path.of("/dev/full");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full));
    var exporter = exporter(config(Optional.empty(), GroupBy.defaults(), full.toString()));
    if (outcome(exporter.start()).succeeded()) {
      assertThat(outcome(exporter.accept(batch(Signal.LOGS))).result())
          .isInstanceOf(Outcome.Refused.class);
    }
    assertThat(outcome(exporter.stop()).succeeded()).isTrue();
    assertThat(outcome(exporter.accept(batch(Signal.LOGS))).result())
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void finishesWhatItHasTakenBeforeItStops() throws Exception {
    var exporter = exporter(config(Format.JSON, ""));
    assertThat(outcome(exporter.start()).succeeded()).isTrue();
    var answers = new ArrayList<Future<Outcome>>();
    for (int i = 0; i < 100; i++) {
      answers.add(exporter.accept(batch(Signal.LOGS)));
    }
    assertThat(outcome(exporter.stop()).succeeded()).isTrue();
    for (var answer : answers) {
      assertThat(outcome(answer).result()).isEqualTo(new Outcome.Accepted());
    }
    assertThat(Files.readAllLines(path())).hasSize(100);
  }

  @Test
  void namesAllMistakesOfAConfiguration() {
    var findings = new ArrayList<String>();
    new FileConfig(
            "",
            true,
            Optional.of(new Rotation(-1, 0, 0, false)),
            Format.JSON,
            Optional.empty(),
            "gzip",
            new CompressionParams(99),
            Duration.ofSeconds(-1),
            new GroupBy(true, "", 0),
            false,
            "999")
        .check(
            new Findings() {
              @Override
              public void error(String key, String what) {
                findings.add(key);
              }

              @Override
              public void warning(String key, String what) {
                throw new AssertionError(key);
              }
            });
    assertThat(findings)
        .containsExactlyInAnyOrder(
            "path",
            "path",
            "append",
            "compression",
            "compression_params::level",
            "flush_interval",
            "rotation::max_megabytes",
            "directory_permissions",
            "directory_permissions",
            "group_by::resource_attribute",
            "group_by::max_open_files");
  }

  private Path path() {
    return directory.resolve("out.json");
  }

  private FileConfig config(Format format, String compression) {
    return new FileConfig(
        path().toString(),
        false,
        Optional.empty(),
        format,
        Optional.empty(),
        compression,
        CompressionParams.defaults(),
        Duration.ofSeconds(1),
        GroupBy.defaults(),
        false,
        "");
  }

  private FileConfig appending() {
    return new FileConfig(
        path().toString(),
        true,
        Optional.empty(),
        Format.JSON,
        Optional.empty(),
        "",
        CompressionParams.defaults(),
        Duration.ofSeconds(1),
        GroupBy.defaults(),
        false,
        "");
  }

  private static FileConfig config(Optional<Rotation> rotation, GroupBy groups, String path) {
    return new FileConfig(
        path,
        false,
        rotation,
        Format.JSON,
        Optional.empty(),
        "",
        CompressionParams.defaults(),
        Duration.ofSeconds(1),
        groups,
        false,
        "");
  }

  private Exporter exporter(FileConfig config) {
    return new FileFactory().create(config, Contexts.of(Kind.EXPORTER, "file", loop));
  }

  private void write(FileConfig config, Batch... batches) throws Exception {
    var exporter = exporter(config);
    assertThat(outcome(exporter.start()).succeeded()).isTrue();
    for (var batch : batches) {
      assertThat(outcome(exporter.accept(batch)).result()).isEqualTo(new Outcome.Accepted());
    }
    assertThat(outcome(exporter.stop()).succeeded()).isTrue();
  }

  private static <T> Future<T> outcome(Future<T> future) throws Exception {
    future.toCompletionStage().toCompletableFuture().handle((_, _) -> "").get(20, TimeUnit.SECONDS);
    return future;
  }

  private static Batch large() {
    var request = ExportTraceServiceRequest.newBuilder();
    request
        .addResourceSpansBuilder()
        .addScopeSpansBuilder()
        .addSpansBuilder()
        .setName("x".repeat(600_000));
    return Batch.of(Signal.TRACES, Rope.of(Bytes.wrap(request.build().toByteArray())), 1);
  }

  private static Batch batch(Signal signal) throws IOException {
    var wire = OtlpJson.decode(signal, Bytes.utf8(text(signal + ".json")));
    var checked = Validate.request(signal, wire);
    return Batch.of(signal, checked.otlp(), checked.items());
  }

  private static byte[] message(byte[] file) {
    var buffer = ByteBuffer.wrap(file);
    var message = new byte[buffer.getInt()];
    buffer.get(message);
    assertThat(buffer.hasRemaining()).isFalse();
    return message;
  }

  private static byte[] unpacked(byte[] file) {
    var packed = message(file);
    return Zstd.decompress(packed, 1 << 20);
  }

  private static Object json(Signal signal, byte[] proto) throws IOException {
    var out = new java.io.ByteArrayOutputStream();
    OtlpJson.encode(signal, Validate.request(signal, Bytes.wrap(proto)).otlp(), out);
    return Json.parse(out.toString(StandardCharsets.UTF_8));
  }

  private static String text(String name) throws IOException {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String name) throws IOException {
    try (var in = FileTest.class.getResourceAsStream("/golden/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
