package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureGatesTest {
  private final FeatureGates gates = FeatureGates.defaults();

  @Test
  void switchesGatesOnAndOff() {
    var switched = gates.with(List.of("service.profilesSupport,-service.partialReloadReceivers"));

    assertThat(gates.isOn("service.profilesSupport")).isFalse();
    assertThat(switched.isOn("service.profilesSupport")).isTrue();
    assertThat(gates.isOn("service.partialReloadReceivers")).isTrue();
    assertThat(switched.isOn("service.partialReloadReceivers")).isFalse();
    assertThat(switched.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nope                         | unknown gate 'nope' (expected: one that 'featuregate' lists)
          service.profileSupport       | unknown gate 'service.profileSupport' (did you mean 'service.profilesSupport'?)
          ``                           | an empty element (expected: id, +id or -id)
          a,,b                         | an empty element
          -                            | an empty element
          -processor.filter.defaultErrorModeIgnore | is stable and cannot be turned off
          """)
  void refuses(String flag, String expected) {
    assertThatThrownBy(() -> gates.with(List.of(flag)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void warnsOfWhatChangesNothing() {
    assertThat(
            gates
                .with(List.of("+service.partialReloadReceivers", "-service.partialReload"))
                .warnings())
        .containsExactly(
            "--feature-gates: 'service.partialReloadReceivers' is already on",
            "--feature-gates: 'service.partialReload' is already off");
  }

  @Test
  void printsATable() {
    assertThat(gates.table())
        .startsWith("ID  ")
        .containsPattern("service.AllowNoPipelines +false +Alpha +A configuration without");
  }
}
