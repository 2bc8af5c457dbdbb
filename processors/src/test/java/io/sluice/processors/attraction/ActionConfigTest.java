package io.sluice.processors.attraction;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The mistakes the Collector refuses are refused here, by the index of the action.
final class ActionConfigTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "insert  | a | v |   |   |   |   |        | ",
        "INSERT  | a |   | b |   |   |   |        | ",
        "upsert  | a |   |   | metadata.x | | |   | ",
        "update  | a |   |   |   | d |   |        | ",
        "update  | a |   | b |   | d |   |        | ",
        "delete  | a |   |   |   |   |   |        | ",
        "Delete  |   |   |   |   |   | x |        | ",
        "hash    | a |   |   |   |   | x |        | ",
        "extract | a |   |   |   |   | (?P<n>.) | | ",
        "convert | a |   |   |   |   |   | int    | ",
        "insert  |   | v |   |   |   |   |        | actions::0::key",
        "insert  | a |   |   |   |   |   |        | actions::0",
        "insert  | a | v | b |   |   |   |        | actions::0",
        "insert  | a | v |   |   |   | x |        | actions::0::pattern",
        "update  | a | v |   |   |   |   | int    | actions::0::converted_type",
        "delete  |   |   |   |   |   |   |        | actions::0",
        "delete  | a | v |   |   |   |   |        | actions::0::value",
        "hash    | a |   | b |   |   |   |        | actions::0::from_attribute",
        "hash    | a |   |   |   |   | (  |       | actions::0::pattern",
        "extract | a |   |   |   |   |   |        | actions::0::pattern",
        "extract | a |   |   |   |   | x |        | actions::0::pattern",
        "extract | a |   |   |   |   | (?P<n>.)(.) | | actions::0::pattern",
        "extract | a | v |   |   |   | (?P<n>.) | | actions::0::value",
        "convert | a |   |   |   |   |   |        | actions::0::converted_type",
        "convert | a |   |   |   |   |   | bool   | actions::0::converted_type",
        "convert | a |   |   |   |   | x | int    | actions::0::pattern",
        "replace | a | v |   |   |   |   |        | actions::0::action",
        "''      | a | v |   |   |   |   |        | actions::0::action",
      })
  void findsTheMistake(
      String action,
      @Nullable String key,
      @Nullable String value,
      @Nullable String fromAttribute,
      @Nullable String fromContext,
      @Nullable String defaultValue,
      @Nullable String pattern,
      @Nullable String convertedType,
      @Nullable String mistake) {
    var config =
        new ActionConfig(
            text(key),
            text(action),
            Optional.ofNullable(value),
            text(fromAttribute),
            text(fromContext),
            Optional.ofNullable(defaultValue),
            text(pattern),
            text(convertedType));
    assertThat(errors(List.of(config))).isEqualTo(mistake == null ? List.of() : List.of(mistake));
  }

  @Test
  void wantsAnAction() {
    assertThat(errors(List.of())).containsExactly("actions");
  }

  @Test
  void namesTheIndexOfEachWrongAction() {
    var wrong = ActionConfig.defaults();
    assertThat(errors(List.of(wrong, wrong)))
        .containsExactly("actions::0::action", "actions::1::action");
  }

  private static List<String> errors(List<ActionConfig> actions) {
    var errors = new ArrayList<String>();
    ActionConfig.check(
        actions,
        "actions",
        new Findings() {
          @Override
          public void error(String key, String what) {
            errors.add(key);
          }

          @Override
          public void warning(String key, String what) {
            throw new AssertionError(key + ": " + what);
          }
        });
    return errors;
  }

  private static String text(@Nullable String cell) {
    return cell == null ? "" : cell;
  }
}
