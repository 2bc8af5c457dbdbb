package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.component.ComponentContext;
import io.sluice.component.Doc;
import io.sluice.component.Extension;
import io.sluice.component.ExtensionFactory;
import io.sluice.component.Stability;
import io.sluice.component.Unsupported;
import io.sluice.service.TelemetryConfig;
import org.junit.jupiter.api.Test;

class ConfigContractTest {
  private static final String SENDER =
      """
      endpoint: a:1
      timeout: 1s
      headers: {a: b}
      retry_on_failure:
        enabled: false
        initial_interval: 1s
        randomization_factor: 0
        multiplier: 2
        max_interval: 2s
        max_elapsed_time: 3s
      sending_queue:
        sizer: items
        queue_size: 9000
        num_consumers: 2
        block_on_overflow: true
        wait_for_result: true
        batch:
          flush_timeout: 1s
          min_size: 1
          max_size: 2
          sizer: items
          partition: {metadata_keys: [k]}
      """;

  @Test
  void passesIfTheBodiesTogetherSetEveryKey() {
    ConfigContract.check(
        new Fakes.Sender(), SENDER, "endpoint: a:1\nsending_queue: {storage: file_storage}\n");
  }

  @Test
  void namesEveryKeyThatIsNotSet() {
    assertThatThrownBy(
            () -> ConfigContract.check(new Fakes.Sender(), SENDER.replace("multiplier: 2", "")))
        .hasMessageContaining("retry_on_failure::multiplier")
        .hasMessageContaining("sending_queue::storage");
  }

  @Test
  void givesProblemsWithTheirPlace() {
    assertThat(ConfigContract.problems(new Fakes.Batch(), "send_batch_max_size: 5"))
        .containsExactly(
            "1:22: send_batch_max_size: 5 (expected: 0, or at least send_batch_size, 8192)");
  }

  record Lacking(
      @Doc("Something.") String text,
      @Unsupported("nobody has made it yet") @Doc("Something else.") boolean magic) {}

  static final class Lack implements ExtensionFactory<Lacking> {
    @Override
    public String type() {
      return "lack";
    }

    @Override
    public Stability stability() {
      return Stability.STABLE;
    }

    @Override
    public Lacking defaults() {
      return new Lacking("", false);
    }

    @Override
    public Extension create(Lacking config, ComponentContext context) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void keyThatIsNotSupportedMayOnlyHaveItsDefault() {
    assertThat(ConfigContract.problems(new Lack(), "magic: true"))
        .containsExactly("1:1: magic: not supported: nobody has made it yet");
    assertThat(ConfigContract.problems(new Lack(), "magic: false")).isEmpty();
    ConfigContract.check(new Lack(), "text: x");
  }

  /// The telemetry section has the same shape as a component's.
  private static final class Telemetry implements ExtensionFactory<TelemetryConfig> {
    @Override
    public String type() {
      return "telemetry";
    }

    @Override
    public Stability stability() {
      return Stability.STABLE;
    }

    @Override
    public TelemetryConfig defaults() {
      return TelemetryConfig.defaults();
    }

    @Override
    public Extension create(TelemetryConfig config, ComponentContext context) {
      throw new UnsupportedOperationException();
    }
  }

  private static final String OTLP =
      "protocol: http/protobuf, endpoint: 'https://a:1', headers: [{name: a, value: b}],"
          + " headers_list: c=d, insecure: true, certificate: a, client_certificate: b,"
          + " client_key: c, compression: gzip, timeout: 1";

  @Test
  void everyKeyOfServiceTelemetryCanBeSet() {
    ConfigContract.check(
        new Telemetry(),
        """
        logs:
          level: DEBUG
          encoding: json
          development: true
          disable_caller: true
          disable_stacktrace: true
          sampling: {tick: 1s, initial: 1, thereafter: 2}
          output_paths: stdout
          error_output_paths: [stdout]
          initial_fields: {a: 1}
          processors:
            - batch:
                schedule_delay: 1
                export_timeout: 2
                max_export_batch_size: 3
                max_queue_size: 4
                exporter: {console: {}}
            - batch: {exporter: {otlp: {%otlp%}}}
            - simple: {exporter: {otlp: {%otlp%}}}
            - simple: {exporter: {console: {}}}
          disable_zap_resource: true
        metrics:
          level: Detailed
          readers:
            - periodic: {interval: 1, timeout: 2, exporter: {console: {}}}
            - periodic:
                exporter:
                  otlp:
                    {
                      %otlp%,
                      temporality_preference: delta,
                      default_histogram_aggregation: base2_exponential_bucket_histogram,
                    }
            - pull:
                exporter:
                  prometheus:
                    host: 0.0.0.0
                    port: 1
                    without_scope_info: false
                    without_units: false
                    without_type_suffix: false
                    with_resource_constant_labels: {included: [b], excluded: [a]}
          views:
            - selector:
                instrument_name: a
                instrument_type: histogram
                unit: s
                meter_name: b
                meter_version: c
                meter_schema_url: d
              stream:
                name: x
                description: y
                attribute_keys: {included: [b], excluded: [a]}
                aggregation: {explicit_bucket_histogram: {boundaries: [1, 2.5], record_min_max: true}}
            - selector: {unit: s}
              stream: {aggregation: {default: {}}}
            - selector: {unit: s}
              stream: {aggregation: {drop: {}}}
            - selector: {unit: s}
              stream: {aggregation: {sum: {}}}
            - selector: {unit: s}
              stream: {aggregation: {last_value: {}}}
            - selector: {unit: s}
              stream:
                aggregation:
                  base2_exponential_bucket_histogram: {max_scale: 1, max_size: 2, record_min_max: true}
        traces:
          level: none
          propagators: [b3]
          processors: [{}]
          sampler: {always_on: {}}
        resource: {service.name: x, service.version: }
        """
            .replace("%otlp%", OTLP));
  }

  @Test
  void readsBothShapesOfTheResource() {
    var inline = ConfigContract.bind(new Telemetry(), "resource: {service.name: x, a: }");
    var declared =
        ConfigContract.bind(
            new Telemetry(), "resource: {attributes: [{name: service.name, value: x}, {name: a}]}");

    assertThat(inline.resourceAttributes())
        .isEqualTo(declared.resourceAttributes())
        .hasToString("{service.name=Optional[x], a=Optional.empty}");
    assertThat(ConfigContract.problems(new Telemetry(), "resource: {attributes: [], a: b}"))
        .containsExactly(
            "1:31: resource::a: a plain attribute beside 'attributes' (expected: one shape)");
  }

  @Test
  void saysWhatIsWrongWithReadersAndViews() {
    assertThat(
            ConfigContract.problems(
                new Telemetry(),
                """
                metrics:
                  level: detailed
                  readers:
                    - {pull: {exporter: {}}}
                    - periodic: {exporter: {}}
                    - periodic: {exporter: {otlp: {endpoint: 'a b', headers_list: x, client_key: k}}}
                    - periodic: {exporter: {otlp: {protocol: udp}}}
                  views:
                    - {stream: {name: a}}
                    - {selector: {unit: s}, stream: {attribute_keys: {included: [a], excluded: [a]}}}
                    - {selector: {unit: s}, stream: {aggregation: {drop: {}, sum: {}}}}
                    - {selector: {unit: s}, stream: {aggregation: {explicit_bucket_histogram: {boundaries: [2, 1]}}}}
                """))
        .extracting(problem -> problem.substring(problem.indexOf(' ') + 1))
        .containsExactlyInAnyOrder(
            "metrics::readers::0::pull::exporter: no exporter (expected: prometheus with host and port)",
            "metrics::readers::1::periodic::exporter: no exporter (expected: otlp or console)",
            "metrics::readers::2::periodic::exporter::otlp::protocol: missing (expected: grpc, http/protobuf or http/json)",
            "metrics::readers::2::periodic::exporter::otlp::client_key: given alone (expected: client_certificate and client_key together)",
            "metrics::readers::2::periodic::exporter::otlp::headers_list: not a list of headers (expected: name=value,...)",
            "metrics::readers::2::periodic::exporter::otlp::endpoint: not a URL (expected: http://host:port)",
            "metrics::readers::3::periodic::exporter::otlp::protocol: 'udp' (expected: grpc, http/json, http/protobuf)",
            "metrics::readers::3::periodic::exporter::otlp::protocol: missing (expected: grpc, http/protobuf or http/json)",
            "metrics::views::0::selector: nothing (expected: what the view is for)",
            "metrics::views::1::stream::attribute_keys::included: 'a' is excluded too (expected: one of both)",
            "metrics::views::2::stream::aggregation: 2 aggregations (expected: one)",
            "metrics::views::3::stream::aggregation::explicit_bucket_histogram::boundaries: [2.0, 1.0] (expected: ascending)");
  }

  @Test
  void servesPrometheusOnLocalhost8888UnlessTold() {
    var metrics = TelemetryConfig.defaults().metrics();

    assertThat(metrics.served().getFirst().host()).isEqualTo("localhost");
    assertThat(metrics.served().getFirst().port()).isEqualTo(8888);
    assertThat(ConfigContract.bind(new Telemetry(), "metrics: {level: none}").metrics().served())
        .isEmpty();
    assertThat(ConfigContract.problems(new Telemetry(), "metrics: {readers: [], address: x}"))
        .containsExactly(
            "1:20: metrics::readers: none (expected: at least one, or level: none)",
            "1:24: metrics::address: unknown key (expected: level, readers, views)");
  }
}
