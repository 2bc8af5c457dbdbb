package io.sluice.exporters.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Names as the specification and the Collector have them.
class NamesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          system.filesystem.usage      | By              | GAUGE   | system_filesystem_usage_bytes
          system.io                    | By              | COUNTER | system_io_bytes_total
          network_bytes_total          | By              | COUNTER | network_bytes_total
          ' system.usage  '            | '  By '         | GAUGE   | system_usage_bytes
          system.network.dropped       | {packets}       | GAUGE   | system_network_dropped
          system.network.dropped       | packets         | COUNTER | system_network_dropped_packets_total
          system.packets.dropped       | packets         | GAUGE   | system_packets_dropped
          hw.gpu.utilization           | 1               | GAUGE   | hw_gpu_utilization_ratio
          hw.fan.speed_ratio           | 1               | GAUGE   | hw_fan_speed_ratio
          hw.ratio.speed               | 1               | GAUGE   | hw_speed_ratio
          objects                      | 1               | COUNTER | objects_total
          total.objects                | ''              | COUNTER | objects_total
          astro.light.speed_limit      | m/s             | GAUGE   | astro_light_speed_limit_meters_per_second
          broken.speed                 | km/h            | GAUGE   | broken_speed_km_per_hour
          hit.success_percent          | %               | GAUGE   | hit_success_percent
          rate                         | {objects}/s     | GAUGE   | rate_per_second
          scanned                      | {a}/{b}         | GAUGE   | scanned
          temperature                  | °F              | GAUGE   | temperature_F
          weird                        | +=.,!* & #      | GAUGE   | weird
          a:b                          | ''              | GAUGE   | a:b
          9lives                       | ''              | GAUGE   | _9lives
          größe                        | ''              | GAUGE   | gr_e
          ...                          | ''              | GAUGE   | -
          request.time                 | ms/{request}    | OTHER   | request_time_milliseconds
          """)
  void withSuffixes(String name, String unit, MetricNames.Type type, String expected) {
    var names = new MetricNames("", Strategy.UNDERSCORES_AND_SUFFIXES);
    assertThat(names.of(name, unit, type).orElse(null)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          ns | a.b | GAUGE | ns_a_b
          '' | a..b__c | COUNTER | a_b__c
          '' | 9a | GAUGE | _9a
          n.s | 9a | GAUGE | n_s_9a
          '' | ___ | GAUGE | ___
          '' | ._. | GAUGE | -
          """)
  void withoutSuffixes(String namespace, String name, MetricNames.Type type, String expected) {
    var names = new MetricNames(namespace, Strategy.UNDERSCORES);
    assertThat(names.of(name, "By", type).orElse(null)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''  | http.requests       | By/s | COUNTER | http.requests_bytes_per_second_total
          ns  | http.requests       | By   | COUNTER | ns_http.requests_bytes_total
          ''  | requests_total      | ''   | COUNTER | requests_total
          ''  | größe               | 1    | GAUGE   | größe_ratio
          ''  | size_bytes          | By   | GAUGE   | size_bytes
          """)
  void unescapedWithSuffixes(
      String namespace, String name, String unit, MetricNames.Type type, String expected) {
    var names = new MetricNames(namespace, Strategy.SUFFIXES);
    assertThat(names.of(name, unit, type)).contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          k8s.pod.name | k8s_pod_name
          a..b__c      | a_b_c
          9            | key_9
          _a           | key_a
          __a          | key_a
          __a__        | __a__
          __a..b__     | __a_b__
          a:b          | a_b
          ____         | ''
          ''           | ''
          """)
  void labels(String key, String expected) {
    assertThat(new LabelNames(Strategy.UNDERSCORES).of(key)).isEqualTo(expected);
    assertThat(new LabelNames(Strategy.NONE).of(key)).isEqualTo(key.equals("____") ? "" : key);
  }
}
