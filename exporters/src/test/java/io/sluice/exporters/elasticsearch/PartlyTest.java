package io.sluice.exporters.elasticsearch;

import static io.sluice.exporters.elasticsearch.BulkServer.CREATED;
import static io.sluice.exporters.elasticsearch.BulkServer.answer;
import static io.sluice.exporters.elasticsearch.BulkServer.failed;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pipeline.Outcome;
import io.sluice.testkit.GivenUp;
import io.sluice.testkit.Payloads;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is said of a batch of which a part is there.
class PartlyTest {
  private BulkServer server;
  private Sending sending;

  @BeforeEach
  void open() throws Exception {
    server = new BulkServer();
    sending = Sending.elasticsearch("{}", server.endpoint());
  }

  @AfterEach
  void close() throws Exception {
    sending.close();
    server.close();
  }

  private void fails(int documents, int status) {
    server.script =
        request ->
            BulkServer.items(request, i -> i < documents ? failed(status, "f", "x") : CREATED);
  }

  private static boolean works(Outcome outcome) {
    return Objects.requireNonNull(((Outcome.Refused) outcome).partly()).works();
  }

  /// The second attempt is for those alone that fail.
  @ParameterizedTest
  @CsvSource({
    "1, 503, true, true",
    "1, 429, true, false",
    "5, 503, true, true",
    "9, 503, false, false",
  })
  void aDestinationWorksThatTakesMost(int documents, int status, boolean first, boolean second)
      throws Exception {
    fails(documents, status);
    var batch = Payloads.logs("a", 10);
    assertThat(works(sending.send(batch))).isEqualTo(first);
    assertThat(works(sending.send(batch))).isEqualTo(second);
  }

  @Test
  void aDestinationThatIsAwayDoesNotWorkHoweverMuchIsThere() throws Exception {
    fails(1, 503);
    var batch = Payloads.logs("a", 10);
    assertThat(works(sending.send(batch))).isTrue();
    server.script = _ -> answer(503, "down");
    assertThat(works(sending.send(batch))).isFalse();
  }

  @Test
  void aBatchOfWhichNothingIsThereHasNoPart() throws Exception {
    fails(10, 429);
    var refused = (Outcome.Refused) sending.send(Payloads.logs("a", 10));
    assertThat(refused.partly()).isNull();
  }

  /// More than are looked at in one step.
  @Test
  void onlyWhatIsOpenIsLostIfItDoesNotComeAgain() throws Exception {
    fails(3, 503);
    var batch = Payloads.logs("a", 1200);
    var refused = sending.send(batch);
    sending.send(Payloads.logs("b", 5)); // what the attempt was made with is used again
    var outcome = (Outcome.Partial) GivenUp.of(refused);
    assertThat(outcome.rejectedItems()).isEqualTo(3);
    assertThat(outcome.culprits())
        .extracting(each -> each.reason() + " " + each.batch().items())
        .containsExactly("retries exhausted: document: f: x 3");
  }

  /// What was rejected before has other words, and says nothing of a size.
  @Test
  void whatIsGivenUpForThrottlingSaysSoThoughOneWasRejected() throws Exception {
    server.script =
        request ->
            BulkServer.items(
                request, i -> i == 0 ? failed(400, "f", "HTTP 413") : failed(429, "f", "x"));
    var refused = sending.send(Payloads.logs("a", 10));
    var outcome = (Outcome.Partial) GivenUp.of(refused);
    assertThat(outcome.rejectedItems()).isEqualTo(10);
    assertThat(outcome.reason()).startsWith("retries exhausted: ");
  }
}
