package io.sluice.exporters.loki;

import static io.sluice.exporters.loki.FakeLoki.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Pressure;
import io.sluice.testkit.ScriptedServer.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whom Loki blames, in the words of Loki 3.7.
class BlameTest extends Scene {
  @Test
  void whatIsTooOldIsNamedAndTheRestIsNotSentAgain() throws Exception {
    open("{}");
    loki.script =
        _ ->
            Answer.of(
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
    loki.script = _ -> Answer.of(400, tooOld(stream, "2023-11-14T22:13:21Z"));
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
    loki.script = _ -> Answer.of(400, words);
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
    loki.script = _ -> Answer.of(400, words);
    assertThat(culprits(sending.send(shopAndBank(3))))
        .isEqualTo(Map.of("HTTP 400: " + words, names("b", 0, 3)));
    assertThat(loki.requests).hasSize(1);
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
                ? Answer.of(
                    400, line + "\nuser 'us', total ignored: 1 out of 3 for stream: " + BANK)
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
    loki.script = request -> request.lines().contains("s-0") ? Answer.of(429, words) : TAKEN;
    assertThat(culprits(sending.send(shopAndBank(2))))
        .isEqualTo(Map.of("HTTP 429: " + words, List.of("s-0", "s-1")));
    assertThat(loki.requests.getLast().lines()).containsExactly("b-0", "b-1");
  }

  /// Else it would be sent for ever, and keep back what is behind it.
  @Test
  void whatNoSchemaIsForIsSearchedThoughLokiTakesTheBlame() throws Exception {
    open("{}");
    var words = "rpc error: failed to create stream: no schema config found for time 17";
    loki.script = request -> request.lines().contains("s-1") ? Answer.of(500, words) : TAKEN;
    assertThat(culprits(sending.send(shop(4))))
        .isEqualTo(Map.of("HTTP 500: " + words, List.of("s-1")));
  }

  @Test
  void aListThatIsCutShortIsNotTrustedToBeAll() throws Exception {
    open("{}");
    var first = "1 errors like: " + tooOld(SHOP, "2023-11-14T22:13:21Z") + "; ";
    var filler = "1 errors like: " + "x".repeat(1 << 20);
    loki.script =
        request -> request.lines().contains("s-1") ? Answer.of(400, first + filler) : TAKEN;
    assertThat(culprits(sending.send(shopAndBank(3))).values()).containsExactly(List.of("s-1"));
    assertThat(loki.requests.getLast().lines()).hasSize(5);
  }

  /// Fewer entries than Loki speaks of: whoever else is meant was not taken either.
  @Test
  void aListThatSaysMoreThanThereAreIsNotUnderstood() throws Exception {
    open("{}");
    loki.script =
        request ->
            request.lines().contains("s-1")
                ? Answer.of(400, "2 errors like: " + tooOld(SHOP, "2023-11-14T22:13:21Z"))
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
    loki.script = request -> request.lines().contains("s-0") ? Answer.of(400, words) : TAKEN;
    var outcome = sending.send(batch);
    assertThat(culprits(outcome).values()).containsExactly(List.of("s-0"));
    assertThat(loki.requests.getLast().lines()).containsExactly("s-1", "s-2");
  }

  @Test
  void whereAllIsOnlyTooFastItIsTriedAgain() throws Exception {
    open("{}");
    loki.script =
        _ ->
            Answer.of(
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
    loki.script = request -> request.lines().contains("s-99") ? Answer.of(400, words) : TAKEN;
    var found = culprits(sending.send(shop(200)));
    assertThat(found).hasSize(1);
    assertThat(found.values()).containsExactly(names("s", 0, 100));
    assertThat(loki.requests).hasSize(2);
  }
}
