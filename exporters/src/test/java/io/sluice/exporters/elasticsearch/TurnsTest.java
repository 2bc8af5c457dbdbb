package io.sluice.exporters.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.ConfigContract;
import io.sluice.data.Batch;
import io.sluice.exporters.elasticsearch.document.Documents;
import io.sluice.exporters.elasticsearch.document.Rejects;
import io.sluice.exporters.elasticsearch.document.Step;
import io.sluice.pipeline.Outcome;
import io.sluice.pipeline.Outcome.Fault;
import io.sluice.testkit.Payloads;
import io.sluice.testkit.TestLoop;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Others get their turn on the loop, however much of a batch has no document.
class TurnsTest {
  private final BulkConfig config =
      ConfigContract.bind(new ElasticsearchFactory(), "endpoint: http://a").bulk();
  private final Documents documents = documents();

  private Documents documents() {
    return new Documents(config.rules(Dialect.ELASTICSEARCH), InstantSource.system());
  }

  /// @return how often there was a pause before the first document, or the end
  private int pauses(Batch batch, Rejects rejects) {
    documents.begin(batch, rejects);
    int pauses = 0;
    while (documents.next() == Step.PAUSE) {
      pauses++;
    }
    return pauses;
  }

  @Test
  void pointsOfALargeScopeAreGroupedInSteps() {
    assertThat(pauses(Payloads.points("a", 5500), new Rejects())).isEqualTo(5);
  }

  @Test
  void aScopeWithoutDocumentsIsRejectedInSteps() {
    var rejects = new Rejects();
    var records = String.join(",", Collections.nCopies(5500, "{\"timeUnixNano\":\"1\"}"));
    var batch =
        Sending.batch(
            """
            {"resourceLogs":[{"scopeLogs":[{"scope":{"name":"s","attributes":[
              {"key":"elastic.mapping.mode","value":{"stringValue":"no such"}}]},
              "logRecords":[%s]}]}]}
            """
                .formatted(records));
    assertThat(pauses(batch, rejects)).isEqualTo(5);
    assertThat(rejects.count()).isEqualTo(5500);
  }

  @Test
  void manyScopesOfNothingAreNoStepAlone() {
    var scopes =
        IntStream.range(0, 5500)
            .mapToObj(i -> "{\"scope\":{\"name\":\"%d\"}}".formatted(i))
            .collect(Collectors.joining(","));
    var batch = Sending.batch("{\"resourceLogs\":[{\"scopeLogs\":[" + scopes + "]}]}");
    assertThat(pauses(batch, new Rejects())).isEqualTo(5);
  }

  @Test
  void manyMetricsOfNothingAreNoStepAlone() {
    var metrics = String.join(",", Collections.nCopies(5500, "{\"name\":\"n\",\"gauge\":{}}"));
    var batch =
        Sending.batch(
            "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[" + metrics + "]}]}]}");
    assertThat(pauses(batch, new Rejects())).isEqualTo(5);
  }

  @Test
  void whatIsOpenIsRejectedInSteps() {
    var loop = new TestLoop();
    var progress = new Progress();
    progress.settled.set(0);
    progress.delivered = 1;
    var answer =
        new Ending(Payloads.logs("a", 2600), progress, config, loop, this::documents)
            .of(new Outcome.Rejected(Fault.INVALID, "no"), null, new BitSet(), false);
    int turns = 1;
    while (loop.turn()) {
      turns++;
    }
    assertThat(answer.result()).isEqualTo(new Outcome.Partial(2599, "no"));
    assertThat(turns).isEqualTo(6);
  }
}
