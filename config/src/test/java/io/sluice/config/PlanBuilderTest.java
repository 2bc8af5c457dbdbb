package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.ComponentId;
import io.sluice.service.Plan.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanBuilderTest {
  private static final String COMPONENTS =
      """
      receivers: {otlp: {protocols: {grpc: }}, zipkin_like: }
      processors: {batch: , memory_limiter: }
      exporters: {debug: , otlp: {endpoint: a:1}}
      connectors: {forward: , forward/2: , count: }
      extensions: {file_storage: }
      service:
      """;

  private static String with(String... pipelines) {
    return COMPONENTS + "  pipelines:\n" + String.join("\n", pipelines).indent(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          traces: {receivers: [otpl], exporters: [debug]}                       | 8:26: traces::receivers: 'otpl' is not configured as a receiver (did you mean 'otlp'?)
          traces: {receivers: [otlp], exporters: [otlp_grpc]}                   | 8:45: traces::exporters: 'otlp_grpc' is not configured as an exporter (expected: count, debug, forward, forward/2, otlp)
          traces: {receivers: [otlp], processors: [debug], exporters: [debug]}  | 8:46: traces::processors: 'debug' is not configured as a processor (expected: batch, memory_limiter)
          traces: {receivers: [], exporters: [debug]}                           | 8:5: traces: no receiver (expected: at least one)
          traces: {receivers: [otlp]}                                           | 8:5: traces: no exporter (expected: at least one)
          traces: {receivers: [otlp], processors: [batch, batch], exporters: [debug]} | 8:53: traces::processors: 'batch' stands twice
          traces: {receivers: otlp, exporters: [debug]}                         | 8:25: traces::receivers: 'otlp' (expected: a list of ids)
          traces: {receivers: [otlp], exporters: [debug], processor: []}        | 8:53: traces::processor: unknown key (did you mean 'processors'?)
          logs: {receivers: [zipkin_like], exporters: [debug]}                  | 8:24: logs::receivers: 'zipkin_like' does not support logs (expected: traces)
          trace: {receivers: [otlp], exporters: [debug]}                        | 8:5: trace: unknown signal (did you mean 'traces'?)
          profiles: {receivers: [otlp], exporters: [debug]}                     | 8:5: profiles: profiles need the feature gate service.profilesSupport
          traces: {receivers: [otlp], exporters: [forward]}                     | 8:45: traces::exporters: the connector 'forward' is not used as a receiver (expected: a pipeline at its other end)
          traces: {receivers: [count], exporters: [debug]}                      | 8:26: traces::receivers: the connector 'count' is not used as an exporter (expected: a pipeline at its other end)
          traces: {receivers: [forward], exporters: [forward]}                  | 8:5: traces: the pipelines run in a circle: traces -> forward -> traces
          """)
  void refusesBrokenPipelines(String pipeline, String expected) {
    int colon = expected.indexOf(": ");

    assertThat(new World().problems(with(pipeline)))
        .containsExactly(
            "gateway.yaml:"
                + expected.substring(0, colon)
                + ": service::pipelines::"
                + expected.substring(colon + 2));
  }

  @Test
  void reportsAllBrokenReferencesAtOnce() {
    var yaml =
        with(
                "traces: {receivers: [a], processors: [b], exporters: [c]}",
                "logs: {receivers: [d], exporters: [e]}")
            .replace("service:", "service:\n  extensions: [f]");

    assertThat(new World().problems(yaml)).hasSize(6);
  }

  /// It is told where it is configured, for each pipeline that it cannot serve.
  @Test
  void asksComponentsWhetherTheyCanServeTheSignal() {
    var yaml =
        with(
                "traces: {receivers: [otlp], exporters: [otlp]}",
                "logs: {receivers: [otlp], exporters: [otlp]}")
            .replace("a:1", "traces:1");

    assertThat(new World().problems(yaml))
        .containsExactly(
            "gateway.yaml:3:22: exporters::otlp: nobody takes logs there (used in"
                + " service::pipelines::logs)");
  }

  @Test
  void followsConnectorsAcrossPipelinesAndPrintsCircles() {
    var problems =
        new World()
            .problems(
                with(
                    "traces: {receivers: [otlp, forward/2], exporters: [forward]}",
                    "traces/b: {receivers: [forward], exporters: [forward/2, debug]}"));

    assertThat(problems)
        .containsExactly(
            "gateway.yaml:8:5: service::pipelines::traces: the pipelines run in a circle: traces ->"
                + " forward -> traces/b -> forward/2 -> traces");
  }

  @Test
  void joinsSignalsOnlyAsAConnectorCan() {
    assertThat(
            new World()
                .loadText(
                    with(
                        "traces: {receivers: [otlp], exporters: [count]}",
                        "metrics: {receivers: [count], exporters: [debug]}"))
                .plan()
                .pipelines()
                .get(1)
                .sources())
        .map(Source::id)
        .containsExactly(ComponentId.parse("count"));
    assertThat(
            new World()
                .problems(
                    with(
                        "metrics: {receivers: [otlp], exporters: [count]}",
                        "logs: {receivers: [count], exporters: [debug]}")))
        .containsExactly(
            "gateway.yaml:8:46: service::pipelines::metrics::exporters: the connector 'count' is"
                + " used as a receiver only in logs, which it cannot join with metrics (expected: a"
                + " pipeline at its other end)",
            "gateway.yaml:9:24: service::pipelines::logs::receivers: the connector 'count' is used"
                + " as an exporter only in metrics, which it cannot join with logs (expected: a"
                + " pipeline at its other end)");
  }

  @Test
  void takesAReceiverOrExporterNamedTwiceOnce() {
    var pipeline =
        new World()
            .loadText(with("traces: {receivers: [otlp, otlp], exporters: [debug, debug]}"))
            .plan()
            .pipelines()
            .getFirst();

    assertThat(pipeline.sources()).hasSize(1);
    assertThat(pipeline.targets()).hasSize(1);
  }

  @Test
  void allowsProfilesAndEmptyPlansByGate() {
    var profiles = with("profiles: {receivers: [otlp], exporters: [debug]}");

    assertThat(new World().gate("service.profilesSupport").loadText(profiles).plan().pipelines())
        .hasSize(1);
    assertThat(new World().gate("service.AllowNoPipelines").loadText("").plan().pipelines())
        .isEmpty();
  }

  @Test
  void saysWhatAnEmptyFileLacks() {
    assertThat(new World().problems(""))
        .containsExactly(
            "gateway.yaml: exporters: no exporter is configured (expected: at least one)",
            "gateway.yaml: receivers: no receiver is configured (expected: at least one)",
            "gateway.yaml: service::pipelines: no pipeline is configured (expected: at least one)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          exporters: {logging: }              | 1:13: exporters::logging: the exporter 'logging' was removed from the Collector (use debug)
          exporters: {kafka/a: }              | 1:13: exporters::kafka/a: the exporter 'kafka' of the Collector is not supported yet (nearest here: otlp_grpc)
          exporters: {loadbalancing: }        | 1:13: exporters::loadbalancing: the exporter 'loadbalancing' of the Collector is not supported yet (nearest here: otlp_grpc)
          exporters: {load_balancing: }       | 1:13: exporters::load_balancing: the exporter 'load_balancing' of the Collector is not supported yet (nearest here: otlp_grpc)
          receivers: {hostmetrics: }          | 1:13: receivers::hostmetrics: the receiver 'hostmetrics' of the Collector is not supported yet (supported: otlp, zipkin_like)
          receivers: {sql_query: }            | 1:13: receivers::sql_query: the receiver 'sql_query' of the Collector is not supported yet (supported: otlp, zipkin_like)
          receivers: {filelog: , file_log: }  | 1:13: receivers::filelog: the receiver 'filelog' of the Collector is not supported yet (supported: otlp, zipkin_like)
          receivers: {filelog: , file_log: }  | 1:24: receivers::file_log: the receiver 'file_log' of the Collector is not supported yet (supported: otlp, zipkin_like)
          processors: {tail_sampling: }       | 1:14: processors::tail_sampling: the processor 'tail_sampling' of the Collector is not supported yet (supported: batch, everything, memory_limiter)
          processors: {bach: }                | 1:14: processors::bach: unknown processor type 'bach' (did you mean 'batch'?)
          processors: {tailsampling: }        | 1:14: processors::tailsampling: unknown processor type 'tailsampling' (did you mean 'tail_sampling'? it is not supported yet)
          receivers: {debug: }                | 1:13: receivers::debug: unknown receiver type 'debug' (there is an exporter of that name)
          receivers: {otlp/: }                | 1:13: receivers: 'otlp/' is no component id (expected: a name without spaces or symbols after /)
          receivers: {'otlp ': }              | 1:13: receivers: 'otlp ' as an id (expected: no blanks in it)
          receivers: {otlp/a b: }             | 1:13: receivers: 'otlp/a b' as an id (expected: no blanks in it)
          receivers: [otlp]                   | 1:12: receivers: a list (expected: a mapping)
          recievers: {otlp: }                 | 1:1: recievers: unknown section (did you mean 'receivers'?)
          x-anchors: {a: 1}                   | 1:1: x-anchors: unknown section (expected: connectors, exporters, extensions, processors, receivers, service)
          connectors: {forward: , forwrad: }  | 1:25: connectors::forwrad: unknown connector type 'forwrad' (did you mean 'forward'?)
          extensions: {pprof: }               | 1:14: extensions::pprof: the extension 'pprof' of the Collector is not supported yet (supported: file_storage)
          """)
  void saysWhatIsNotHere(String yaml, String expected) {
    assertThat(new World().problems(yaml)).contains("gateway.yaml:" + expected);
  }

  @Test
  void saysInWhichSectionsATypeBelongs() {
    assertThat(
            new World()
                .problems(
                    """
                    receivers: {otlp: {protocols: {grpc: }}}
                    exporters: {otlp: {endpoint: a:1}, debug: }
                    connectors: {otlp: }
                    """))
        .contains(
            "gateway.yaml:3:14: connectors::otlp: unknown connector type 'otlp' (there is a"
                + " receiver, an exporter of that name)");
  }

  @Test
  void notesOncePerUseOfAnOldName() {
    assertThat(
            new World()
                .notes(with("traces: {receivers: [otlp], exporters: [otlp]}")).stream()
                    .filter(line -> line.contains("is now called")))
        .containsExactly(
            "gateway.yaml:3:22: exporters::otlp: 'otlp' is now called 'otlp_grpc'; both work");
  }

  /// A queue counted in requests is a bound inside the budget, whatever the number.
  @Test
  void refusesBytesThatCouldNeverFitIntoMemory() {
    var yaml =
        """
        receivers: {otlp: {protocols: {grpc: {endpoint: 0.0.0.0:4317}}}}
        exporters:
          otlp_grpc/many: {endpoint: a:1, sending_queue: {queue_size: 1000000000}}
          otlp_grpc/fits: {endpoint: a:1, sending_queue: {sizer: bytes, queue_size: 33554432}}
          otlp_grpc/large: {endpoint: a:1, sending_queue: {sizer: bytes, queue_size: 33554433}}
          otlp_grpc/disk: {endpoint: a:1, sending_queue: {sizer: bytes, queue_size: 33554433, storage: file_storage}}
        extensions: {file_storage: }
        service:
          extensions: [file_storage]
          pipelines:
            traces: {receivers: [otlp], exporters: [otlp_grpc/many, otlp_grpc/fits, otlp_grpc/large, otlp_grpc/disk]}
        """;

    assertThat(new World().problems(yaml))
        .containsExactly(
            "gateway.yaml:5:3: exporters::otlp_grpc/large::sending_queue::queue_size: 33554433"
                + " bytes (expected: at most 33554432, which is what may be in flight here;"
                + " GOMEMLIMIT or a larger limit of the cgroup give more)");
  }

  @Test
  void warnsOfWhatLosesData() {
    var yaml =
        """
        receivers: {otlp: {protocols: {grpc: {endpoint: 0.0.0.0:4317}}}}
        processors: {batch: , memory_limiter: }
        exporters:
          otlp_grpc/stored: {endpoint: a:1, sending_queue: {storage: file_storage}}
          otlp_grpc/bare: {endpoint: a:1, sending_queue: {enabled: false}, retry_on_failure: {enabled: false}}
        extensions: {file_storage: }
        service:
          extensions: [file_storage]
          pipelines:
            traces: {receivers: [otlp], processors: [batch, memory_limiter], exporters: [otlp_grpc/stored]}
            traces/last: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [otlp_grpc/stored]}
            logs: {receivers: [otlp], exporters: [otlp_grpc/bare]}
        """;

    assertThat(new World().notes(yaml))
        .containsExactly(
            "gateway.yaml:1:49: receivers::otlp::protocols::grpc::endpoint: '0.0.0.0:4317' is open"
                + " to every network, without auth");
    assertThat(new World().warnings(yaml))
        .containsExactly(
            "gateway.yaml:5:3: exporters::otlp_grpc/bare: neither sending_queue nor"
                + " retry_on_failure: each failure goes back to the sender",
            "gateway.yaml:10:5: service::pipelines::traces::processors: 'batch' answers senders"
                + " before the disk queue behind it has stored the data",
            "gateway.yaml:11:5: service::pipelines::traces/last::processors: 'batch' answers senders"
                + " before the disk queue behind it has stored the data",
            "gateway.yaml:12:5: service::pipelines::logs: no memory_limiter: senders are refused"
                + " only when the gateway's whole budget is used up");
  }

  @Test
  void saysThatAQueueOnDiskJoinsBatchesInstead() {
    var yaml =
        """
        receivers: {otlp: {protocols: {grpc: }}}
        processors: {batch: , memory_limiter: }
        exporters:
          otlp_grpc/stored: {endpoint: a:1, sending_queue: {storage: file_storage}}
        extensions: {file_storage: }
        service:
          extensions: [file_storage]
          pipelines:
            traces: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [otlp_grpc/stored]}
        """;

    assertThat(new World().warnings(yaml)).isEmpty();
    assertThat(new World().notes(yaml))
        .containsExactly(
            "gateway.yaml:9:5: service::pipelines::traces::processors: 'batch' joins batches behind"
                + " the disk queue: senders are answered when the data is stored, the exporter gets"
                + " batches of the size that is asked for");
  }

  /// Else all data would go to nobody in particular, without a word.
  @Test
  void whatSaysWhoseDataIsMustNotBeLostOnTheWay() {
    var yaml =
        """
        receivers: {otlp: {protocols: {grpc: }}}
        processors: {batch: , batch/apart: {metadata_keys: [x-team]}, memory_limiter: }
        exporters:
          otlp_grpc/tenants: {endpoint: "tenants:1"}
          otlp_grpc: {endpoint: a:1}
        service:
          pipelines:
            traces: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [otlp_grpc/tenants]}
            traces/apart: {receivers: [otlp], processors: [memory_limiter, batch/apart], exporters: [otlp_grpc/tenants]}
            traces/one: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [otlp_grpc]}
        """;

    assertThat(new World().problems(yaml))
        .containsExactly(
            "gateway.yaml:8:5: service::pipelines::traces::processors: 'batch' joins requests"
                + " whatever their 'X-Team', by which 'otlp_grpc/tenants' knows whose the data is"
                + " (expected: metadata_keys: [X-Team] in it)");
  }

  @Test
  void whatSaysWhoseDataIsMustNotBeLostBeforeAConnectorEither() {
    var yaml =
        """
        receivers: {otlp: {protocols: {grpc: }}}
        processors: {batch: , batch/apart: {metadata_keys: [x-team]}}
        connectors: {forward: , forward/2: }
        exporters: {otlp_grpc/tenants: {endpoint: "tenants:1"}}
        service:
          pipelines:
            traces: {receivers: [otlp], processors: [batch], exporters: [forward]}
            traces/apart: {receivers: [otlp], processors: [batch/apart], exporters: [forward]}
            traces/between: {receivers: [forward], exporters: [forward/2]}
            traces/last: {receivers: [forward/2], exporters: [otlp_grpc/tenants]}
        """;

    assertThat(new World().problems(yaml))
        .containsExactly(
            "gateway.yaml:7:5: service::pipelines::traces::processors: 'batch' joins requests"
                + " whatever their 'X-Team', by which 'otlp_grpc/tenants' knows whose the data is"
                + " (expected: metadata_keys: [X-Team] in it)");
  }

  @Test
  void whatSaysWhoseDataIsMustBeKeptByAQueueOnDisk() {
    var yaml =
        """
        receivers: {otlp: {protocols: {grpc: }}}
        exporters:
          otlp_grpc: {endpoint: "secrets:1"}
          otlp_grpc/stored: {endpoint: "secrets:1", sending_queue: {storage: file_storage}}
          otlp_grpc/tenants: {endpoint: "tenants:1", sending_queue: {storage: file_storage}}
        extensions: {file_storage: }
        service:
          extensions: [file_storage]
          pipelines:
            traces: {receivers: [otlp], exporters: [otlp_grpc, otlp_grpc/stored, otlp_grpc/tenants]}
        """;

    assertThat(new World().problems(yaml))
        .containsExactly(
            "gateway.yaml:10:5: service::pipelines::traces::exporters: 'otlp_grpc/stored' knows by"
                + " 'X-Team-Token' whose the data is, which looks like a secret and is not kept in"
                + " its queue on disk (expected: metadata of another name, or no"
                + " sending_queue::storage)");
  }

  @Test
  void checksComponentsThatNoPipelineUses() {
    assertThat(
            new World()
                .problems(
                    with("traces: {receivers: [otlp], exporters: [debug]}")
                        .replace("endpoint: a:1", "")))
        .containsExactly(
            "gateway.yaml:3:28: exporters::otlp::endpoint: nothing (expected: host:port)");
  }
}
