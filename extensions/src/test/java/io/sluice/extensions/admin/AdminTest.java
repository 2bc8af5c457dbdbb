package io.sluice.extensions.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.ComponentContext;
import io.sluice.component.ComponentContext.Extensions;
import io.sluice.component.ComponentId;
import io.sluice.component.Extension;
import io.sluice.component.Findings;
import io.sluice.component.Kind;
import io.sluice.component.Loop;
import io.sluice.disk.Appended;
import io.sluice.disk.Counts;
import io.sluice.disk.DeadLetter;
import io.sluice.disk.DiskFiles;
import io.sluice.disk.Frames;
import io.sluice.disk.Limits;
import io.sluice.disk.LogMeter;
import io.sluice.disk.SegmentLog;
import io.sluice.disk.Storage;
import io.sluice.disk.Store;
import io.sluice.pipeline.Outcome;
import io.sluice.service.ByteBudget;
import io.sluice.telemetry.Log;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.OnLoop;
import io.sluice.testkit.Payloads;
import io.sluice.transport.TransportLoops;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdminTest {
  private static final String QUEUE = "otlp/a:traces";

  private final TransportLoops loops = TransportLoops.of(1, 1);
  private final Loop loop = loops.home(Loop.Family.HTTP);
  private final List<String> log = new CopyOnWriteArrayList<>();

  @TempDir Path folder;
  private Store store;
  private Admin admin;

  private record Stored(Store store) implements Storage {
    @Override
    public String place() {
      return "";
    }
  }

  @BeforeEach
  void start() throws Exception {
    var limits = Limits.of(0, Duration.ZERO, false);
    store =
        new Store(
            "test",
            DiskFiles.in(folder),
            limits,
            limits,
            new SegmentLog.Surroundings(
                Frames.NONE,
                InstantSource.system(),
                System::nanoTime,
                new SplittableRandom(),
                LogMeter.NONE,
                Log.NONE));
    store.queue(QUEUE);
    OnLoop.done(store.open(Duration.ZERO).toCompletionStage().toCompletableFuture());
    admin = new Admin(new AdminConfig("127.0.0.1:0"), context());
    OnLoop.run(loop, admin::start);
    while (!Files.exists(folder.resolve(Notice.FILE))) {
      Thread.onSpinWait();
    }
  }

  private ComponentContext context() {
    var plain = Contexts.of(Kind.EXTENSION, "admin", loop);
    return new ComponentContext(
        plain.kind(),
        plain.id(),
        loop,
        loops,
        plain.budget(),
        plain.telemetry(),
        (level, message, fields) -> log.add(level + message + List.of(fields)),
        plain.status(),
        plain.health(),
        new Extensions() {
          @Override
          public Optional<Extension> find(ComponentId id) {
            return Optional.empty();
          }

          @Override
          public Map<ComponentId, Extension> running() {
            return Map.of(ComponentId.parse("file_storage"), new Stored(store));
          }
        },
        plain.clock(),
        plain.build());
  }

  @AfterEach
  void stop() throws Exception {
    OnLoop.run(loop, admin::stop);
    OnLoop.done(store.close().toCompletionStage().toCompletableFuture());
    assertThat(folder.resolve(Notice.FILE)).doesNotExist();
    assertThat(folder.resolve(Notice.TOKEN_FILE)).doesNotExist();
    loops.close();
  }

  private String token() throws IOException {
    return Files.readString(folder.resolve(Notice.TOKEN_FILE)).strip();
  }

  private record Reply(int status, String head, String body) {
    JsonObject json() {
      return new JsonObject(body);
    }
  }

  /// By hand: the JDK's client lets nobody choose the host.
  private Reply send(String request, String... headers) throws IOException {
    var text = new StringBuilder(request).append(" HTTP/1.1\r\nConnection: close\r\n");
    for (var header : headers) {
      text.append(header).append("\r\n");
    }
    var at = admin.addresses().getFirst();
    try (var socket = new Socket(at.getAddress(), at.getPort())) {
      socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = answer.indexOf("\r\n\r\n");
      return new Reply(
          Integer.parseInt(answer.substring(9, 12)),
          answer.substring(0, end),
          answer.substring(end + 4));
    }
  }

  private Reply allowed(String request) throws IOException {
    return send(request, "Host: localhost", "Authorization: Bearer " + token());
  }

  private void append(int batches) throws Exception {
    for (int i = 0; i < batches; i++) {
      var done = new CompletableFuture<Appended>();
      store.queue(QUEUE).append(Payloads.spans("s" + i + "-", 3), done::complete);
      assertThat(OnLoop.done(done)).isInstanceOf(Appended.Stored.class);
    }
  }

  private void bury(String reason) throws Exception {
    var done = new CompletableFuture<Appended>();
    store
        .deadLetters(QUEUE)
        .append(
            Payloads.spans("dead", 2), new DeadLetter(QUEUE, "INVALID", reason), done::complete);
    assertThat(OnLoop.done(done)).isInstanceOf(Appended.Stored.class);
  }

  @Test
  void theListIsForEverybodyHereAndTheRestForWhoHasTheToken() throws Exception {
    append(2);
    bury("no");
    var list = send("GET /v1/queues", "Host: localhost:55680");
    assertThat(list.status()).isEqualTo(200);
    var queue =
        list.json()
            .getJsonArray("storages")
            .getJsonObject(0)
            .getJsonArray("queues")
            .getJsonObject(0);
    assertThat(queue.getString("destination")).isEqualTo(QUEUE);
    assertThat(queue.getJsonObject("waiting").getLong("items")).isEqualTo(6);
    assertThat(queue.getJsonObject("dead_letters").getLong("records")).isEqualTo(1);

    for (var call :
        List.of("GET /v1/records", "GET /v1/export", "POST /v1/drop", "POST /v1/replay")) {
      var request = call + "?destination=" + QUEUE;
      assertThat(send(request, "Host: localhost").status()).as(call).isEqualTo(401);
      assertThat(
              send(request, "Host: localhost", "Authorization: Bearer " + token() + "0").status())
          .as(call)
          .isEqualTo(401);
    }
    assertThat(store.queue(QUEUE).unsettled().records()).isEqualTo(2);
    assertThat(allowed("GET /v1/drop?destination=" + QUEUE).status()).isEqualTo(405);
    assertThat(log).noneMatch(line -> line.contains("Bearer"));
    var token = token();
    assertThat(log).isNotEmpty().noneMatch(line -> line.contains(token));
  }

  @Test
  void whatABrowserMayBeMadeToSendIsRefused() throws Exception {
    var token = "Authorization: Bearer " + token();
    assertThat(send("GET /v1/queues", "Host: evil.example:55680", token).status()).isEqualTo(403);
    assertThat(send("GET /v1/queues", "Host: 127.0.0.1.evil.example", token).status())
        .isEqualTo(403);
    assertThat(
            send("GET /v1/queues", "Host: localhost", "Origin: http://evil.example", token)
                .status())
        .isEqualTo(403);
    assertThat(send("GET /v1/queues", "Host: localhost", "Sec-Fetch-Site: cross-site").status())
        .isEqualTo(403);
    assertThat(send("GET /v1/queues", "Host: 127.0.0.1:1").status()).isEqualTo(200);
    assertThat(send("GET /v1/queues", "Host: [::1]:1").status()).isEqualTo(200);
  }

  @Test
  void filesOfTheTokenAreForTheirOwnerAlone() throws Exception {
    for (var name : List.of(Notice.FILE, Notice.TOKEN_FILE)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
          .isEqualTo("rw-------");
    }
    assertThat(new JsonObject(Files.readString(folder.resolve(Notice.FILE))).getString("endpoint"))
        .isEqualTo("http://127.0.0.1:" + admin.addresses().getFirst().getPort());
  }

  @Test
  void pagesLeadThroughAllOfIt() throws Exception {
    append(5);
    var seen = new ArrayList<Long>();
    var after = "";
    do {
      var page =
          allowed(
              "GET /v1/records?limit=2&destination="
                  + QUEUE
                  + "&after="
                  + (after.isEmpty() ? "0" : after));
      page.json().getJsonArray("records").forEach(r -> seen.add(((JsonObject) r).getLong("id")));
      var resume =
          page.head().lines().filter(line -> line.startsWith("Sluice-Resume: ")).findFirst();
      after = resume.map(line -> line.substring("Sluice-Resume: ".length())).orElse("");
    } while (!after.isEmpty());
    assertThat(seen).hasSize(5).isSorted().doesNotHaveDuplicates();

    var export = allowed("GET /v1/export?destination=" + QUEUE);
    assertThat(export.body().lines())
        .hasSize(5)
        .allSatisfy(line -> assertThat(new JsonObject(line).containsKey("resourceSpans")).isTrue());
  }

  /// JSON is larger than what it is made of.
  @Test
  void aPageIsChargedForUntilItIsSentAndEndsWhereThereIsNoMoreRoom() throws Exception {
    append(40);
    var budget = new ByteBudget(16 << 10);
    var calls = new QueueCalls(() -> Map.of("", store), budget::take, true);
    var seen = 0L;
    var after = "";
    int pages = 0;
    do {
      var query = new HashMap<>(Map.of("destination", QUEUE));
      if (!after.isEmpty()) {
        query.put("after", after);
      }
      var page = calls.answer("export", query);
      assertThat(page.status()).isEqualTo(Answer.OK);
      assertThat(page.body().utf8().lines()).hasSize(Math.toIntExact(page.records()));
      assertThat(budget.bytes()).isGreaterThanOrEqualTo(page.body().length());
      page.lease().close();
      assertThat(budget.bytes()).isZero();
      seen += page.records();
      after = page.resume();
      pages++;
    } while (!after.isEmpty());
    assertThat(seen).isEqualTo(40);
    assertThat(pages).isGreaterThan(1);
  }

  @Test
  void whereThereIsNoRoomForOneBatchNothingStaysCharged() throws Exception {
    append(1);
    var budget = new ByteBudget(1 << 10);
    var calls = new QueueCalls(() -> Map.of("", store), budget::take, true);
    for (var call : List.of("export", "records")) {
      assertThat(calls.answer(call, Map.of("destination", QUEUE)).status())
          .isEqualTo(Answer.NO_ROOM);
      assertThat(budget.bytes()).isZero();
    }
  }

  @Test
  void deadLettersAreShownDroppedAndReplayed() throws Exception {
    bury("not\nthis");
    bury("nor this");
    var letters = "destination=" + QUEUE + "&dead_letters=true";
    var records = allowed("GET /v1/records?" + letters).json().getJsonArray("records");
    assertThat(records.getJsonObject(0).getJsonObject("dead_letter").getMap())
        .containsEntry("status", "INVALID")
        .containsEntry("message", "not\nthis")
        .containsEntry("destination", QUEUE);
    long first = records.getJsonObject(0).getLong("id");
    assertThat(allowed("POST /v1/drop?" + letters + "&id=" + first).json().getLong("items"))
        .isEqualTo(2);

    var nobody = allowed("POST /v1/replay?destination=" + QUEUE);
    assertThat(nobody.status()).isEqualTo(409);
    assertThat(nobody.body()).contains("no exporter");
    var queue = store.queue(QUEUE);
    queue.admit(batch -> {
      queue.append(batch, _ -> {});
      return Outcome.accepted();
    });
    assertThat(allowed("POST /v1/replay?destination=" + QUEUE).json().getLong("records"))
        .isEqualTo(1);
    assertThat(store.deadLetters(QUEUE).unsettled()).isEqualTo(Counts.NONE);
  }

  @Test
  void whatMakesNoSenseIsSaid() throws Exception {
    assertThat(allowed("GET /v1/records?destination=nobody").body()).contains("nobody", QUEUE);
    assertThat(allowed("GET /v1/records?destination=" + QUEUE + "&since=yesterday").body())
        .contains("yesterday", "2026-01-31T12:00:00Z");
    assertThat(allowed("GET /v1/records?bogus=1").body()).contains("bogus");
    assertThat(allowed("GET /v1/nothing").status()).isEqualTo(404);
  }

  @Test
  void anAddressForOthersIsNotTaken() {
    var errors = new ArrayList<String>();
    var findings =
        new Findings() {
          @Override
          public void error(String key, String what) {
            errors.add(what);
          }

          @Override
          public void warning(String key, String what) {}
        };
    new AdminConfig("localhost:1").check(findings);
    new AdminConfig("[::1]:1").check(findings);
    new AdminConfig("127.1.2.3:1").check(findings);
    assertThat(errors).isEmpty();
    new AdminConfig("0.0.0.0:1").check(findings);
    new AdminConfig(":1").check(findings);
    new AdminConfig("example.com:1").check(findings);
    assertThat(errors).hasSize(3);
  }
}
