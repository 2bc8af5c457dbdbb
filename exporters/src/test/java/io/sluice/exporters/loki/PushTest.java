package io.sluice.exporters.loki;

import static io.sluice.exporters.loki.FakeLoki.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Batch;
import io.sluice.pipeline.Outcome;
import io.sluice.testkit.ScriptedServer.Answer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What Loki is sent.
class PushTest extends Scene {
  @Test
  void saysWhatTheBodyIsAndForWhom() throws Exception {
    open("tenant: {value: us}\nheaders: {X-Other: x}");
    assertThat(sending.send(shop(1))).isEqualTo(new Outcome.Accepted());
    var request = loki.requests.getFirst();
    assertThat(request.path()).isEqualTo("/loki/api/v1/push");
    assertThat(request.headers().get("Content-Type")).isEqualTo("application/x-protobuf");
    assertThat(request.tenant()).isEqualTo("us");
    assertThat(request.headers().get("X-Other")).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "none"})
  void jsonIsCompressedUnlessToldOtherwise(String compression) throws Exception {
    open("encoding: json\ncompression: " + compression);
    assertThat(sending.send(shop(1))).isEqualTo(new Outcome.Accepted());
    var headers = loki.requests.getFirst().headers();
    assertThat(headers.get("Content-Type")).isEqualTo("application/json");
    assertThat(headers.get("Content-Encoding"))
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

  /// Else the answer that was lost would leave the record twice.
  @Test
  void aRecordWithoutATimeHasTheSameInEachAttempt() throws Exception {
    open("{}");
    var batch =
        Sending.batch(
            "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"a\"}}]}]}]}");
    loki.script = _ -> Answer.of(503, "");
    sending.send(batch);
    long first = System.currentTimeMillis();
    while (System.currentTimeMillis() == first) {
      Thread.onSpinWait();
    }
    sending.send(batch);
    assertThat(loki.requests).hasSize(2);
    assertThat(loki.requests.getFirst().streams()).isEqualTo(loki.requests.getLast().streams());
  }

  @Test
  void aLargeBatchGoesInSeveralRequestsInOrder() throws Exception {
    open("max_batch_size_bytes: 4096");
    assertThat(sending.send(shop(2500))).isEqualTo(new Outcome.Accepted());
    assertThat(loki.requests).hasSizeGreaterThan(10).allMatch(request -> request.bytes() < 5000);
    assertThat(loki.lines()).isEqualTo(names("s", 0, 2500));
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

  /// What was not looked at in the first attempt is, as soon as it is.
  @Test
  void whatIsNoLabelIsCountedOnceHoweverOftenItIsSent() throws Exception {
    open("labels: {max_values_per_label: 1}\ntenant: {from_attribute: service.name}");
    var batch = shopAndBank(2);
    loki.script = _ -> Answer.of(503, "");
    sending.send(batch);
    sending.send(batch);
    assertThat(sending.count("sluice_exporter_loki_moved_labels")).isEqualTo(2);
  }

  @Test
  void whatIsFirstTranslatedInALaterAttemptIsCountedThen() throws Exception {
    open("labels: {max_values_per_label: 1}\nmax_batch_size_bytes: 1024");
    sending.send(shop(1));
    loki.script = _ -> Answer.of(503, "");
    var batch = Sending.resources(Sending.resource("bank", "b", 500));
    sending.send(batch);
    double first = sending.count("sluice_exporter_loki_moved_labels");
    assertThat(first).isLessThan(500);
    sending.send(batch);
    assertThat(sending.count("sluice_exporter_loki_moved_labels")).isEqualTo(first);
    loki.script = _ -> TAKEN;
    assertThat(sending.send(batch)).isEqualTo(new Outcome.Accepted());
    assertThat(sending.count("sluice_exporter_loki_moved_labels")).isEqualTo(500);
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
