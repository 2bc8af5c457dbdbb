package io.sluice.distribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The Collector's command line: `[command] [flags]`, flags as `--name value` or `--name=value`.
///
/// @param command empty to run
/// @param arguments what is neither command nor flag
record CommandLine(
    String command,
    List<String> configs,
    List<String> sets,
    List<String> featureGates,
    String format,
    String mode,
    boolean validate,
    List<String> arguments) {
  /// Has a line of its own; see [io.sluice.distribution.queue].
  static final String QUEUE = "queue";

  static final List<String> COMMANDS =
      List.of(
          "run",
          "validate",
          "print-config",
          "print-initial-config",
          "components",
          "schema",
          "featuregate",
          QUEUE,
          "version",
          "help");

  /// Of the package build, not of users.
  private static final String TRAIN = "train";

  /// Something on the line that means nothing; the message says what to do.
  static final class UsageException extends RuntimeException {
    UsageException(String message) {
      super(message);
    }
  }

  static CommandLine parse(String... words) {
    return new Parser(words).parse();
  }

  private static final class Parser {
    private static final List<String> FLAGS =
        List.of(
            "--config",
            "--set",
            "--feature-gates",
            "--format",
            "--mode",
            "--validate",
            "--version",
            "--help");
    private final List<String> words;
    private final List<String> configs = new ArrayList<>();
    private final List<String> sets = new ArrayList<>();
    private final List<String> gates = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private String command = "";
    private String format = "yaml";
    private String mode = "redacted";
    private boolean validate = true;
    private int at;

    Parser(String... words) {
      this.words = Arrays.asList(words);
    }

    CommandLine parse() {
      while (at < words.size()) {
        var word = words.get(at++);
        if (word.startsWith("-") && word.length() > 1) {
          flag(word);
        } else if (command.isEmpty()) {
          command = known(word);
        } else {
          arguments.add(word);
        }
      }
      return new CommandLine(command, configs, sets, gates, format, mode, validate, arguments);
    }

    private static String known(String word) {
      if (!COMMANDS.contains(word) && !word.equals(TRAIN)) {
        throw new UsageException(
            "unknown command '"
                + word
                + "' (expected: one of "
                + String.join(", ", COMMANDS)
                + ", or flags only to run)");
      }
      return word;
    }

    private void flag(String word) {
      int equals = word.indexOf('=');
      var name = equals < 0 ? word : word.substring(0, equals);
      Optional<String> value =
          equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1));
      switch (name) {
        case "--config" -> configs.add(value(name, value));
        case "--set" -> sets.add(assignment(value(name, value)));
        case "--feature-gates" -> gates.add(value(name, value));
        case "--format" -> format = oneOf(name, value(name, value), "yaml", "json");
        case "--mode" -> mode = oneOf(name, value(name, value), "redacted", "unredacted");
        case "--validate" ->
            validate = oneOf(name, value.orElse("true"), "true", "false").equals("true");
        case "--version", "-v" -> command = "version";
        case "--help", "-h" -> command = "help";
        default -> throw new UsageException("unknown flag: " + name + hint(name));
      }
    }

    private String value(String name, Optional<String> given) {
      if (given.isPresent()) {
        return given.get();
      }
      if (at == words.size()) {
        throw new UsageException("flag needs an argument: " + name);
      }
      return words.get(at++);
    }

    private static String assignment(String text) {
      if (text.indexOf('=') < 1) {
        throw new UsageException("--set: '" + text + "' (expected: key=value)");
      }
      return text;
    }

    private static String oneOf(String name, String value, String... allowed) {
      if (!Arrays.asList(allowed).contains(value)) {
        throw new UsageException(
            name + ": '" + value + "' (expected: " + String.join(" or ", allowed) + ")");
      }
      return value;
    }

    private static String hint(String name) {
      return FLAGS.stream()
          .filter(
              flag -> flag.startsWith(name) || name.startsWith(flag) || ("-" + name).equals(flag))
          .findFirst()
          .map(flag -> " (did you mean '" + flag + "'?)")
          .orElse(" (expected: one of " + String.join(", ", FLAGS) + ")");
    }
  }
}
