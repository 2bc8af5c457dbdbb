package io.sluice.exporters.prometheusremotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.exporters.prometheusremotewrite.Receiver.Answer;
import io.sluice.pipeline.Outcome;
import io.sluice.testkit.GivenUp;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GiveUpTest {
  @Test
  void onlyPointsThatAreNotThereAreLostIfTheyDoNotComeAgain() throws Exception {
    try (var receiver = new Receiver(Protocol.REMOTE_WRITE_1);
        var sending =
            new Sending(
                "max_batch_size_bytes: 1\nmax_batch_request_parallelism: 1", receiver.endpoint())) {
      receiver.script =
          _ ->
              switch (receiver.requests.size()) {
                case 1 -> new Answer(400, Map.of(), "bad");
                case 2 -> Receiver.TAKEN;
                default -> new Answer(503, Map.of(), "down");
              };
      var refused = sending.send(Sending.gauges("g", 5));
      sending.send(Sending.gauges("other", 1)); // the table is used for others meanwhile
      var outcome = (Outcome.Partial) GivenUp.of(refused);
      assertThat(outcome.rejectedItems()).isEqualTo(4);
      assertThat(outcome.culprits())
          .extracting(each -> each.reason() + " " + each.batch().items())
          .containsExactly("HTTP 400: bad 1", "retries exhausted: HTTP 503: down 3");
    }
  }
}
