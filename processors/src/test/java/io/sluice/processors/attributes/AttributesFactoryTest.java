package io.sluice.processors.attributes;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.data.Signal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttributesFactoryTest {
  private static final List<String> X = List.of("x");

  /// A section in which every list is written.
  private static MatchConfig everything() {
    var attribute = List.of(new MatchConfig.AttributeConfig("a", Optional.empty()));
    return new MatchConfig(
        "strict",
        Optional.empty(),
        X,
        X,
        X,
        X,
        X,
        Optional.of(MatchConfig.SeverityConfig.defaults()),
        X,
        attribute,
        attribute,
        List.of(new MatchConfig.LibraryConfig("l", Optional.empty())));
  }

  @ParameterizedTest
  @CsvSource({
    "TRACES, 'log_bodies,log_severity_texts,log_severity_number,metric_names'",
    "LOGS, 'services,span_names,span_kinds,metric_names'",
    "METRICS, 'services,span_names,span_kinds,log_bodies,log_severity_texts,log_severity_number,attributes,libraries'"
  })
  void listsThatTheSignalDoesNotKnowAreObjectedTo(Signal signal, String lists) {
    var config =
        new AttributesConfig(Optional.of(everything()), Optional.of(everything()), List.of());
    var objections = new AttributesFactory().objections(config, signal);
    var names = List.of(lists.split(",", -1));
    assertThat(objections).hasSize(2 * names.size());
    for (var name : names) {
      assertThat(objections)
          .contains(
              "include::" + name + " means nothing for " + signal,
              "exclude::" + name + " means nothing for " + signal);
    }
  }

  @Test
  void nothingIsObjectedToWhereNothingIsMatched() {
    for (var signal : Signal.values()) {
      assertThat(new AttributesFactory().objections(AttributesConfig.defaults(), signal)).isEmpty();
    }
  }
}
