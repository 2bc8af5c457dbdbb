package io.sluice.exporters.elasticsearch.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          app            | app
          App One        | app_one
          a,b*           | a_b_
          <a-{now/d}>    | ''
          .kibana        | ''
          _all           | ''
          -a             | ''
          +a             | ''
          ..             | ''
          a..b           | a..b
          ../../_cluster | ''
          ÄÖ             | äö
          """)
  void dataNamesNoHiddenIndexAndNoOther(String wanted, String name) {
    assertThat(new IndexNames(List.of()).ofData(wanted)).isEqualTo(name);
  }

  @Test
  void namesAreCutWhereTheServerWouldRefuseThem() {
    assertThat(new IndexNames(List.of()).ofData("x".repeat(300))).hasSize(255);
    assertThat(
            IndexNames.dataset("ß☃".repeat(60), ".otel")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .hasSizeBetween(97, 100);
    assertThat(IndexNames.namespace("a-b C#")).isEqualTo("a-b_c_");
    assertThat(IndexNames.dataset("a-b", "")).isEqualTo("a_b");
  }

  @Test
  void datesFollowThePattern() {
    var time = Instant.parse("2024-03-07T05:06:09Z");
    assertThat(new DateSuffix("-", "%Y.%m.%d").at(time)).isEqualTo("-2024.03.07");
    assertThat(new DateSuffix("", "%y%j_%H%M%S%%").at(time)).isEqualTo("24067_050609%");
  }

  @ParameterizedTest
  @CsvSource({
    "1705314600000000000, 1705314600000.0",
    "1705314600000000001, 1705314600000.000001",
    "1705314600123456789, 1705314600123.456789",
    "-1, 18446744073709.551615",
  })
  void timesKeepTheirNanoseconds(long ns, String millis) {
    assertThat(Times.millis(ns)).isEqualTo(millis);
  }
}
