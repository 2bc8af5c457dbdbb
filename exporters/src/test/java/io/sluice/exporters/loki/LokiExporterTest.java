package io.sluice.exporters.loki;

import static io.sluice.exporters.loki.FakeLoki.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.AnyValue;
import io.sluice.data.Batch;
import io.sluice.data.LogCursor;
import io.sluice.data.ResourceCursor;
import io.sluice.exporters.loki.FakeLoki.Answer;
import io.sluice.exporters.loki.FakeLoki.Request;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Culprit;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.pipeline.Outcome.Pressure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a server that answers by script, in the words of Loki 3.7.
class LokiExporterTest {
  private static final int SEED = 7;
  private static final String SHOP = "{service_name=\"shop\"}";
  private static final String BANK = "{service_name=\"bank\"}";

  @SuppressWarnings("NullAway.Init") // each test opens
  private FakeLoki loki;

  @SuppressWarnings("NullAway.Init")
  private Sending sending;

  private void open(String yaml) throws Exception {
    loki = new FakeLoki();
    sending = new Sending(yaml, loki.endpoint());
  }

  @AfterEach
  void close() throws Exception {
    sending.close();
    loki.close();
  }

  private static Answer answer(int status, String body) {
    return new Answer(status, Map.of(), body);
  }

  private static Batch shop(int count) {
    return Sending.resources(Sending.resource("shop", "s", count));
  }

  private static Batch shopAndBank(int count) {
    return Sending.resources(
        Sending.resource("shop", "s", count), Sending.resource("bank", "b", count));
  }

  private static String tooOld(String stream, String time) {
    return "entry for stream '"
        + stream
        + "' has timestamp too old: "
        + time
        + ", oldest acceptable timestamp is: 2026-11-15T00:00:00Z";
  }

  /// Bodies of the culprits, by Loki's words.
  private static Map<String, List<String>> culprits(Outcome outcome) {
    return ((Outcome.Partial) outcome)
        .culprits().stream()
            .collect(Collectors.toMap(Culprit::reason, culprit -> bodies(culprit.batch())));
  }

  private static List<String> bodies(Batch batch) {
    var bodies = new ArrayList<String>();
    var resources = new ResourceCursor().over(batch.otlp());
    while (resources.next()) {
      var scopes = resources.scopes();
      while (scopes.next()) {
        for (var record : scopes.records()) {
          bodies.add(AnyValue.decode(LogCursor.at(record).body()).text());
        }
      }
    }
    return bodies;
  }

  private static List<String> names(String prefix, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> prefix + "-" + i).toList();
  }

  @Test
  void saysWhatTheBodyIsAndForWhom() throws Exception {
    open("tenant: {value: us}\nheaders: {X-Other: x}");
    assertThat(sending.send(shop(1))).isEqualTo(new Outcome.Accepted());
    var request = loki.requests.getFirst();
    assertThat(request.path()).isEqualTo("/loki/api/v1/push");
    assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/x-protobuf");
    assertThat(request.headers().getFirst("X-Scope-OrgID")).isEqualTo("us");
    assertThat(request.headers().getFirst("X-Other")).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "none"})
  void jsonIsCompressedUnlessToldOtherwise(String compression) throws Exception {
    open("encoding: json\ncompression: " + compression);
    assertThat(sending.send(shop(1))).isEqualTo(new Outcome.Accepted());
    var headers = loki.requests.getFirst().headers();
    assertThat(headers.getFirst("Content-Type")).isEqualTo("application/json");
    assertThat(headers.getFirst("Content-Encoding"))
        .isEqualTo(compression.equals("gzip") ? "gzip" : null);
  }

  @Test
  void aRecordWithoutATimeGetsTheOneAtHand() throws Exception {
    open("{}");
    long before = System.currentTimeMillis();
    sending.send(
        Sending.batch(
            "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"a\"}}]}]}]}"));
    long ms =
        loki.requests.getFirst().streams().getFirst().entries().getFirst().timeNs() / 1_000_000;
    assertThat(ms).isBetween(before, System.currentTimeMillis());
  }

  @Test
  void aLargeBatchGoesInSeveralRequestsInOrder() throws Exception {
    open("max_batch_size_bytes: 4096");
    assertThat(sending.send(shop(2500))).isEqualTo(new Outcome.Accepted());
    assertThat(loki.requests).hasSizeGreaterThan(10).allMatch(request -> request.bytes() < 5000);
    assertThat(loki.lines()).isEqualTo(names("s", 0, 2500));
  }

  @Test
  void whatIsTooOldIsNamedAndTheRestIsNotSentAgain() throws Exception {
    open("{}");
    loki.script =
        _ ->
            answer(
                400,
                "1 errors like: "
                    + tooOld(SHOP, "2023-11-14T22:13:21Z")
                    + "; 1 errors like: "
                    + tooOld(BANK, "2023-11-14T22:13:20Z")
                    + "\n");
    var outcome = sending.send(shopAndBank(3));
    assertThat(culprits(outcome))
        .isEqualTo(
            Map.of(
                "HTTP 400: " + tooOld(SHOP, "2023-11-14T22:13:21Z"), List.of("s-1"),
                "HTTP 400: " + tooOld(BANK, "2023-11-14T22:13:20Z"), List.of("b-0")));
    assertThat(((Outcome.Partial) outcome).rejectedItems()).isEqualTo(2);
    assertThat(loki.requests).hasSize(1);
  }

  /// Loki gives a service_name to streams that have none, and then names them so.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{app=\"s\", service_name=\"s\"}",
        "{app=\"s\", service_name=\"s\", zone=\"z\"}",
        "{__stream_shard__=\"3\", app=\"s\", service_name=\"s\"}",
        "{__stream_shard__=\"3\", app=\"s\"}",
        "{app=\"s\"}"
      })
  void aStreamIsKnownByWhatLokiAdds(String stream) throws Exception {
    open(
        "labels: {resource: [], static: {app: s"
            + (stream.contains("zone") ? ", zone: z" : "")
            + "}}");
    loki.script = _ -> answer(400, tooOld(stream, "2023-11-14T22:13:21Z"));
    assertThat(culprits(sending.send(shop(3))).values()).containsExactly(List.of("s-1"));
    assertThat(loki.requests).hasSize(1);
  }

  @Test
  void aLineThatIsTooLongIsNamed() throws Exception {
    open("{}");
    var words =
        "Max entry size '4' bytes exceeded for stream '"
            + SHOP
            + "' while adding an entry with length '4' bytes";
    loki.script = _ -> answer(400, words);
    var outcome =
        sending.send(
            Sending.resources(Sending.resource("shop", "a", 1), Sending.resource("shop", "bb", 1)));
    assertThat(culprits(outcome)).isEqualTo(Map.of("HTTP 400: " + words, List.of("bb-0")));
    assertThat(loki.requests).hasSize(1);
  }

  /// Loki says it once, though all entries of the stream are meant.
  @Test
  void aStreamWithWrongLabelsIsAtFaultAsAWhole() throws Exception {
    open("{}");
    var words = "stream '" + BANK + "' has label value too long: 'bank'";
    loki.script = _ -> answer(400, words);
    assertThat(culprits(sending.send(shopAndBank(3))))
        .isEqualTo(Map.of("HTTP 400: " + words, names("b", 0, 3)));
    assertThat(loki.requests).hasSize(1);
  }

  /// Only suspects are searched, and what is with them is found innocent.
  @Test
  void amongAsManyAsAreNotNamedTheCulpritIsSearched() throws Exception {
    open("{}");
    var words =
        "stream '"
            + SHOP
            + "' has structured metadata too large: '70000' bytes, limit: '65536' bytes.";
    loki.script = request -> request.lines().contains("s-5") ? answer(400, words) : TAKEN;
    assertThat(culprits(sending.send(shopAndBank(8))))
        .isEqualTo(Map.of("HTTP 400: " + words, List.of("s-5")));
    assertThat(loki.lines().stream().filter(line -> line.startsWith("b"))).hasSize(8);
    assertThat(new HashSet<>(loki.lines())).containsAll(names("s", 0, 8));
  }

  @Test
  void wordsThatSayNothingLeadToASearch() throws Exception {
    open("{}");
    Set<String> bad = Set.of("s-17", "s-80");
    var taken = new HashSet<String>();
    loki.script =
        request -> {
          if (request.lines().stream().anyMatch(bad::contains)) {
            return answer(400, "no");
          }
          taken.addAll(request.lines());
          return TAKEN;
        };
    assertThat(culprits(sending.send(shop(100))))
        .isEqualTo(Map.of("HTTP 400: no", List.of("s-17", "s-80")));
    assertThat(taken).hasSize(98);
    assertThat(loki.requests.size()).isLessThan(40);
  }

  /// Only the last stream's refusals are in such an answer, so all others are sent once more.
  @Test
  void whatAStreamIgnoresIsNamedAndTheRestSentAgain() throws Exception {
    open("{}");
    var line =
        "entry with timestamp 2023-11-14 22:13:22 +0000 UTC ignored, reason: 'entry out of order',";
    loki.script =
        request ->
            request.lines().contains("b-2")
                ? answer(400, line + "\nuser 'us', total ignored: 1 out of 3 for stream: " + BANK)
                : TAKEN;
    assertThat(culprits(sending.send(shopAndBank(3))))
        .isEqualTo(Map.of("HTTP 400: " + line, List.of("b-2")));
    assertThat(loki.requests).hasSize(2);
    assertThat(loki.requests.getLast().lines()).containsExactly("s-0", "s-1", "s-2", "b-0", "b-1");
  }

  @Test
  void aStreamTooManyIsRejectedAlone() throws Exception {
    open("{}");
    var words =
        "Maximum active stream limit exceeded when trying to create stream "
            + SHOP
            + ", reduce the number of active streams, user: 'us'";
    loki.script = request -> request.lines().contains("s-0") ? answer(429, words) : TAKEN;
    assertThat(culprits(sending.send(shopAndBank(2))))
        .isEqualTo(Map.of("HTTP 429: " + words, List.of("s-0", "s-1")));
    assertThat(loki.requests.getLast().lines()).containsExactly("b-0", "b-1");
  }

  /// Else it would be sent for ever, and keep back what is behind it.
  @Test
  void whatNoSchemaIsForIsSearchedThoughLokiTakesTheBlame() throws Exception {
    open("{}");
    var words = "rpc error: failed to create stream: no schema config found for time 17";
    loki.script = request -> request.lines().contains("s-1") ? answer(500, words) : TAKEN;
    assertThat(culprits(sending.send(shop(4))))
        .isEqualTo(Map.of("HTTP 500: " + words, List.of("s-1")));
  }

  @Test
  void aListThatIsCutShortIsNotTrustedToBeAll() throws Exception {
    open("{}");
    var first = "1 errors like: " + tooOld(SHOP, "2023-11-14T22:13:21Z") + "; ";
    var filler = "1 errors like: " + "x".repeat(1 << 20);
    loki.script = request -> request.lines().contains("s-1") ? answer(400, first + filler) : TAKEN;
    assertThat(culprits(sending.send(shopAndBank(3))).values()).containsExactly(List.of("s-1"));
    assertThat(loki.requests.getLast().lines()).hasSize(5);
  }

  @Test
  void aServerThatTakesNothingIsNotSearchedForEver() throws Exception {
    open("{}");
    loki.script = _ -> answer(400, "no");
    assertThat(sending.send(shop(1000)))
        .isEqualTo(new Outcome.Rejected(Fault.INVALID, "HTTP 400: no"));
    assertThat(loki.requests).hasSizeLessThan(30);
  }

  @Test
  void throttlingIsHeededAndNothingThatArrivedIsSentAgain() throws Exception {
    open("max_batch_size_bytes: 4096");
    var batch = shop(900);
    var count = new AtomicInteger();
    loki.script =
        _ ->
            count.incrementAndGet() == 3
                ? new Answer(429, Map.of("Retry-After", "7"), "Ingestion rate limit exceeded")
                : TAKEN;
    assertThat(sending.send(batch))
        .isEqualTo(
            new Outcome.Refused(
                Pressure.THROTTLED,
                Duration.ofSeconds(7),
                "HTTP 429: Ingestion rate limit exceeded"));
    int refused = loki.requests.get(2).lines().size();
    loki.requests.remove(2);
    assertThat(sending.send(batch)).isEqualTo(new Outcome.Accepted());
    assertThat(loki.lines()).isEqualTo(names("s", 0, 900));
    assertThat(loki.requests.get(2).lines().size())
        .as("others of this size were taken")
        .isEqualTo(refused);
  }

  @ParameterizedTest
  @CsvSource({
    "0, slow down",
    "2, Ingestion rate limit exceeded for user us (limit: 4000 bytes/sec) while attempting to ingest"
        + " '50' lines totaling '4001' bytes",
  })
  void whatIsMoreThanLokiEverTakesIsHalvedForAWhile(int before, String words) throws Exception {
    open("max_batch_size_bytes: 4096");
    var batch = shop(2500);
    loki.script = _ -> loki.requests.size() <= before ? TAKEN : answer(429, words);
    assertThat(sending.send(batch)).isInstanceOf(Outcome.Refused.class);
    int refused = loki.requests.getLast().lines().size();
    loki.requests.removeLast();
    loki.script = _ -> TAKEN;
    assertThat(sending.send(batch)).isEqualTo(new Outcome.Accepted());
    assertThat(loki.lines()).isEqualTo(names("s", 0, 2500));
    var sizes = loki.requests.stream().map(request -> request.lines().size()).toList();
    assertThat(sizes.get(before)).as("half of what was too much").isLessThan(refused * 2 / 3);
    assertThat(sizes.get(before + Progress.DOUBLED_AFTER)).isGreaterThan(refused * 2 / 3);
  }

  @Test
  void oneTenantsRefusalDoesNotStopAnother() throws Exception {
    open("tenant: {from_attribute: service.name}");
    var batch =
        Sending.resources(
            Sending.resource("shop", "s", 2),
            Sending.resource("bank", "b", 2),
            Sending.resource("cafe", "c", 2));
    loki.script =
        request ->
            switch (request.headers().getFirst("X-Scope-OrgID")) {
              case "shop" -> new Answer(429, Map.of("Retry-After", "7"), "shop");
              case "cafe" -> new Answer(503, Map.of("Retry-After", "3"), "cafe");
              default -> TAKEN;
            };
    assertThat(sending.send(batch))
        .isEqualTo(
            new Outcome.Refused(Pressure.THROTTLED, Duration.ofSeconds(7), "HTTP 429: shop"));
    assertThat(loki.lines()).containsExactly("s-0", "s-1", "b-0", "b-1", "c-0", "c-1");
    loki.requests.clear();
    loki.script = _ -> TAKEN;
    assertThat(sending.send(batch)).isEqualTo(new Outcome.Accepted());
    assertThat(loki.lines()).containsExactlyInAnyOrder("s-0", "s-1", "c-0", "c-1");
  }

  /// Else the answer that was lost would leave the record twice.
  @Test
  void aRecordWithoutATimeHasTheSameInEachAttempt() throws Exception {
    open("{}");
    var batch =
        Sending.batch(
            "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"a\"}}]}]}]}");
    loki.script = _ -> answer(503, "");
    sending.send(batch);
    long first = System.currentTimeMillis();
    while (System.currentTimeMillis() == first) {
      Thread.onSpinWait();
    }
    sending.send(batch);
    assertThat(loki.requests).hasSize(2);
    assertThat(loki.requests.getFirst().streams()).isEqualTo(loki.requests.getLast().streams());
  }

  private static Set<String> oneInAHundred(int count) {
    var bad = new HashSet<String>();
    var random = new SplittableRandom(SEED);
    while (bad.size() < count / 100) {
      bad.add("s-" + random.nextInt(count));
    }
    return bad;
  }

  @Test
  void oneInAHundredIsFoundThoughLokiNamesNone() throws Exception {
    open("max_batch_size_bytes: 100000000");
    var bad = oneInAHundred(10_000);
    var taken = new HashSet<String>();
    loki.script =
        request -> {
          if (request.lines().stream().anyMatch(bad::contains)) {
            return answer(400, "no");
          }
          taken.addAll(request.lines());
          return TAKEN;
        };
    var found = culprits(sending.send(shop(10_000)));
    assertThat(found).containsOnlyKeys("HTTP 400: no");
    assertThat(Set.copyOf(found.getOrDefault("HTTP 400: no", List.of())))
        .as("with seed " + SEED)
        .isEqualTo(bad);
    assertThat(taken).hasSize(9_900);
  }

  /// Loki takes all that is not in its list.
  @Test
  void oneInAHundredIsFoundAmongThoseOfWhichLokiSaysHowMany() throws Exception {
    open("max_batch_size_bytes: 100000000");
    var bad = oneInAHundred(10_000);
    var words =
        "stream '" + SHOP + "' has too many structured metadata labels: '200', limit: '128'";
    var taken = new HashSet<String>();
    loki.script =
        request -> {
          var lines = new HashSet<>(request.lines());
          lines.removeAll(bad);
          taken.addAll(lines);
          int said = request.lines().size() - lines.size();
          return said == 0 ? TAKEN : answer(400, said + " errors like: " + words);
        };
    var outcome = sending.send(shop(10_000));
    assertThat(((Outcome.Partial) outcome).rejectedItems()).isEqualTo(100);
    assertThat(
            culprits(outcome).values().stream().flatMap(List::stream).collect(Collectors.toSet()))
        .as("with seed " + SEED)
        .isEqualTo(bad);
    assertThat(taken).hasSize(9_900);
  }

  @Test
  void whenAllCulpritsAreFoundTheOthersAreNotSearched() throws Exception {
    open("{}");
    var words =
        "stream '" + SHOP + "' has too many structured metadata labels: '200', limit: '128'";
    loki.script =
        request -> request.lines().contains("s-0") ? answer(400, "1 errors like: " + words) : TAKEN;
    assertThat(culprits(sending.send(shop(1024))).values()).containsExactly(List.of("s-0"));
    assertThat(loki.requests).as("1024, 512, ..., 1").hasSize(11);
  }

  /// So many that not all are found: the others were taken all the same.
  @Test
  void whoIsNotFoundIsCountedAndTheRestIsNotRejected() throws Exception {
    open("max_batch_size_bytes: 100000000");
    var words =
        "stream '" + SHOP + "' has too many structured metadata labels: '200', limit: '128'";
    loki.script =
        request -> {
          long said =
              request.lines().stream()
                  .filter(line -> Integer.parseInt(line.substring(2)) % 5 == 0)
                  .count();
          return said == 0 ? TAKEN : answer(400, said + " errors like: " + words);
        };
    var outcome = (Outcome.Partial) sending.send(shop(10_000));
    assertThat(outcome.rejectedItems()).isEqualTo(2000);
    var named = culprits(outcome).values().stream().flatMap(List::stream).toList();
    assertThat(named)
        .hasSizeBetween(100, 1999)
        .allMatch(line -> Integer.parseInt(line.substring(2)) % 5 == 0);
  }

  /// Fewer entries than Loki speaks of: whoever else is meant was not taken either.
  @Test
  void aListThatSaysMoreThanThereAreIsNotUnderstood() throws Exception {
    open("{}");
    loki.script =
        request ->
            request.lines().contains("s-1")
                ? answer(400, "2 errors like: " + tooOld(SHOP, "2023-11-14T22:13:21Z"))
                : TAKEN;
    assertThat(culprits(sending.send(shop(4))).values()).containsExactly(List.of("s-1"));
    assertThat(loki.requests).hasSizeGreaterThan(1);
    assertThat(loki.requests.getLast().lines()).doesNotContain("s-1");
  }

  private static String ignored(String time, String reason) {
    return "entry with timestamp 2023-11-14 "
        + time
        + " +0000 UTC ignored, reason: '"
        + reason
        + "',\n";
  }

  @Test
  void whatIsTooFastIsNoCulprit() throws Exception {
    open("{}");
    var batch = shop(3);
    var words =
        ignored("22:13:20", "entry too far behind")
            + ignored("22:13:21", "Per stream rate limit exceeded (limit: 3MB/sec)")
            + "user 'us', total ignored: 2 out of 3 for stream: "
            + SHOP;
    loki.script = request -> request.lines().contains("s-0") ? answer(400, words) : TAKEN;
    var outcome = sending.send(batch);
    assertThat(culprits(outcome).values()).containsExactly(List.of("s-0"));
    assertThat(loki.requests.getLast().lines()).containsExactly("s-1", "s-2");
  }

  @Test
  void whereAllIsOnlyTooFastItIsTriedAgain() throws Exception {
    open("{}");
    loki.script =
        _ ->
            answer(
                400,
                ignored("22:13:21", "Per stream rate limit exceeded (limit: 3MB/sec)")
                    + "user 'us', total ignored: 1 out of 3 for stream: "
                    + SHOP);
    assertThat(sending.send(shop(3)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.pressure()).isEqualTo(Pressure.THROTTLED));
    assertThat(loki.requests).hasSize(1);
  }

  /// Loki names at most ten of them in an answer.
  @Test
  void whatIsOlderThanTheOldestIsMeantTooThoughNotNamed() throws Exception {
    open("{}");
    var words =
        ignored(
                "22:13:50",
                "entry too far behind, entry timestamp is: 2023-11-14T22:13:50Z, oldest acceptable"
                    + " timestamp is: 2023-11-14T22:15:00Z")
            + "user 'us', total ignored: 100 out of 200 for stream: "
            + SHOP;
    loki.script = request -> request.lines().contains("s-99") ? answer(400, words) : TAKEN;
    var found = culprits(sending.send(shop(200)));
    assertThat(found).hasSize(1);
    assertThat(found.values()).containsExactly(names("s", 0, 100));
    assertThat(loki.requests).hasSize(2);
  }

  @Test
  void whatIsTooLargeIsHalved() throws Exception {
    open("{}");
    loki.script =
        request ->
            request.lines().size() > 10
                ? answer(500, "rpc error: received message larger than max (5 vs. 4)")
                : TAKEN;
    assertThat(sending.send(shop(64))).isEqualTo(new Outcome.Accepted());
    assertThat(new HashSet<>(loki.lines())).hasSize(64);
  }

  @ParameterizedTest
  @CsvSource({
    "401, UNAUTHENTICATED",
    "403, PERMISSION_DENIED",
    "404, UNIMPLEMENTED",
    "260, PERMISSION_DENIED",
    "418, UNKNOWN",
  })
  void isNotTriedAgain(int status, Fault fault) throws Exception {
    open("max_batch_size_bytes: 4096");
    loki.script = _ -> answer(status, "go away");
    assertThat(sending.send(shop(300)))
        .isEqualTo(new Outcome.Rejected(fault, "HTTP " + status + ": go away"));
    assertThat(loki.requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 408, 500, 502, 503})
  void isTriedAgain(int status) throws Exception {
    open("{}");
    loki.script = _ -> answer(status, "later");
    assertThat(sending.send(shop(1)))
        .isEqualTo(
            new Outcome.Refused(Pressure.UNAVAILABLE, Duration.ZERO, "HTTP " + status + ": later"));
  }

  @Test
  void oneTenantsCredentialsDoNotStopAnother() throws Exception {
    open("tenant: {from_attribute: service.name}");
    loki.script =
        request ->
            "shop".equals(request.headers().getFirst("X-Scope-OrgID"))
                ? answer(401, "no org")
                : TAKEN;
    assertThat(culprits(sending.send(shopAndBank(2))))
        .isEqualTo(Map.of("HTTP 401: no org", List.of("s-0", "s-1")));
    assertThat(loki.requests.getLast().lines()).containsExactly("b-0", "b-1");
  }

  @Test
  void theServerThatIsAwayIsSaidToBe() throws Exception {
    open("{}");
    loki.close();
    assertThat(sending.send(shop(1)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).startsWith("no answer: "));
  }

  @Test
  void aSlowAnswerIsNoAnswer() throws Exception {
    open("timeout: 50ms");
    var gate = new CountDownLatch(1);
    loki.script =
        _ -> {
          try {
            gate.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return TAKEN;
        };
    assertThat(sending.send(shop(1)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class, refused -> assertThat(refused.reason()).contains("no answer"));
    gate.countDown();
  }

  /// Whoever answers is no Loki, or has broken off; the batch waits for one.
  @ParameterizedTest
  @ValueSource(strings = {"nonsense\r\n\r\n", "HTTP/1.1 204 No Con", "HTTP/1.1 2x4 Yes\r\n\r\n"})
  void aMalformedAnswerIsNoAnswer(String answer) throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var answering =
          Thread.ofVirtual()
              .start(() -> {
                try (var socket = server.accept()) {
                  assertThat(socket.getInputStream().read()).isPositive();
                  socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                } catch (IOException _) {
                  // the client was quicker to close
                }
              });
      loki = new FakeLoki();
      sending = new Sending("timeout: 5s", "http://127.0.0.1:" + server.getLocalPort());
      assertThat(sending.send(shop(1)))
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.reason()).startsWith("no answer: "));
      answering.join();
    }
  }

  @Test
  void aServerWhoseCertificateNobodyKnowsGetsNothing(@TempDir Path folder) throws Exception {
    loki = FakeLoki.unheardOf(folder);
    sending = new Sending("{}", loki.endpoint());
    assertThat(sending.send(shop(1))).isInstanceOf(Outcome.Refused.class);
    assertThat(loki.requests).isEmpty();
    try (var trusting = new Sending("tls: {insecure_skip_verify: true}", loki.endpoint())) {
      assertThat(trusting.send(shop(1))).isEqualTo(new Outcome.Accepted());
    }
  }

  /// What speaks TLS where the user said http, or the other way round, takes nothing.
  @Test
  void aServerThatSpeaksNoTlsGetsNothing() throws Exception {
    loki = new FakeLoki();
    sending = new Sending("{}", loki.endpoint().replace("http:", "https:"));
    assertThat(sending.send(shop(1))).isInstanceOf(Outcome.Refused.class);
    assertThat(loki.requests).isEmpty();
  }

  @Test
  void aRedirectIsFollowedWithTheTenant() throws Exception {
    open("tenant: {value: us}");
    try (var other = new FakeLoki()) {
      loki.script = _ -> new Answer(307, Map.of("Location", other.endpoint() + "/elsewhere"), "");
      assertThat(sending.send(shop(1))).isEqualTo(new Outcome.Accepted());
      assertThat(other.requests).extracting(Request::path).containsExactly("/elsewhere");
      assertThat(other.lines()).containsExactly("s-0");
      assertThat(other.requests.getFirst().headers().getFirst("X-Scope-OrgID")).isEqualTo("us");
    }
  }

  /// A resource stands once in a batch and in each entry of a push.
  @Test
  void whatIsTranslatedAtATimeIsBounded() throws Exception {
    open("{}");
    var large =
        "{\"key\":\"large\",\"value\":{\"stringValue\":\"%s\"}},".formatted("x".repeat(100_000));
    var resource =
        Sending.resource("shop", "s", 200)
            .replaceFirst("\"attributes\":\\[", "\"attributes\":[" + large);
    assertThat(sending.send(Sending.resources(resource))).isEqualTo(new Outcome.Accepted());
    assertThat(loki.lines()).isEqualTo(names("s", 0, 200));
    assertThat(loki.requests)
        .hasSizeGreaterThan(15)
        .allMatch(request -> request.bytes() < (1 << 20) + 101_000);
  }

  /// They would make names that grow with each.
  @Test
  void keysOfOneNameAreBounded() throws Exception {
    open("{}");
    var attributes =
        IntStream.range(1, 2000)
            .mapToObj(i -> "{\"key\":\"a" + ".".repeat(i) + "b\",\"value\":{\"intValue\":\"1\"}}")
            .collect(Collectors.joining(","));
    var record = "{\"timeUnixNano\":\"1\",\"attributes\":[" + attributes + "]}";
    assertThat(
            sending.send(
                Sending.batch(
                    "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[" + record + "]}]}]}")))
        .isEqualTo(new Outcome.Accepted());
    var metadata = loki.requests.getFirst().streams().getFirst().entries().getFirst().metadata();
    assertThat(metadata).hasSize(Metadata.SAME_NAME_MAX).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "'', become structured metadata",
    "'format: json', stay in the line",
    "'structured_metadata: {enabled: false}', are not sent"
  })
  void whatIsNoLabelIsCountedWhateverBecomesOfIt(String more, String fate) throws Exception {
    open("labels: {max_values_per_label: 1}\n" + more);
    sending.send(shopAndBank(2));
    assertThat(sending.count("sluice_exporter_loki_moved_labels")).isEqualTo(2);
    assertThat(sending.log)
        .containsExactly("A label has too many values. Further ones " + fate + ".");
  }

  private static Batch user(String service, String user) {
    var attribute = "\"attributes\":[{\"key\":\"%s\",\"value\":{\"stringValue\":\"%s\"}}]";
    return Sending.resources(
        "{\"resource\":{%s},\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":\"1\",%s}]}]}"
            .formatted(
                attribute.formatted("service.name", service), attribute.formatted("user", user)));
  }

  @Test
  void eachReasonWhySomethingIsNoLabelIsSaidOnce() throws Exception {
    open(
        "labels: {resource: [service.name], attributes: [user], max_labels: 1,"
            + " max_values_per_label: 1}");
    for (var user : List.of("u1", "u2", "u3", "u" + "x".repeat(2048), "u" + "y".repeat(2048))) {
      sending.send(user("", user));
    }
    sending.send(user("shop", "u1"));
    assertThat(sending.log)
        .containsExactly(
            "A label has too many values. Further ones become structured metadata.",
            "A value of a label is too long. Further ones become structured metadata.",
            "A stream has too many labels. Further ones become structured metadata.");
    assertThat(sending.count("sluice_exporter_loki_moved_labels")).isEqualTo(5);
  }
}
