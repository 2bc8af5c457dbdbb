package io.sluice.exporters.prometheusremotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Kind;
import io.sluice.exporters.prometheus.Translation;
import io.sluice.exporters.prometheusremotewrite.Receiver.Answer;
import io.sluice.pipeline.Outcome;
import io.sluice.telemetry.Log;
import io.sluice.testkit.Contexts;
import io.sluice.testkit.Garbage;
import io.sluice.testkit.GivenUp;
import io.sluice.testkit.TestLoop;
import io.sluice.transport.http.HttpResponse;
import io.sluice.wire.Bytes;
import io.vertx.core.Future;
import java.lang.ref.WeakReference;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  /// Nothing that was made for the attempt is kept as long as the batch waits.
  @Test
  void whatComesAgainHoldsNoTranslation() {
    var loop = new TestLoop();
    var answers = new ArrayDeque<>(List.of(204, 503));
    var rules = PrometheusRemoteWriteConfig.defaults().rules();
    var gone = new WeakReference<>(new Translation(rules, 1));
    try (var destination =
        new Destination(
            Dialect.of(Protocol.REMOTE_WRITE_1),
            (_, _, _) ->
                Future.succeededFuture(
                    new HttpResponse(answers.remove(), "", "", "", Bytes.EMPTY, _ -> null)),
            new Answers(true, false),
            new RemoteWriteMeters(
                Contexts.of(Kind.EXPORTER, "prometheus_remote_write", loop), "http://a"),
            InstantSource.system(),
            Log.NONE)) {
      var answer =
          new Shipment(
                  Sending.gauges("g", 2),
                  Objects.requireNonNull(gone.get()),
                  new Progress(),
                  destination,
                  new Shipment.Limits(1, 1, false, false),
                  loop,
                  Map.of())
              .begin();
      loop.run();
      var refused = answer.result();
      assertThat(Garbage.collects(gone)).isTrue();
      assertThat(((Outcome.Partial) GivenUp.of(refused)).rejectedItems()).isEqualTo(1);
    }
  }
}
