package io.sluice.distribution.queue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What stands behind `sluice queue`: a command, directories, flags as `--name value` or `--name=value`.
///
/// @param command empty for help
/// @param values of flags that take one
record QueueLine(
    String command,
    List<String> directories,
    List<String> configs,
    List<String> ids,
    Map<String, String> values,
    Set<String> switches) {
  static final List<String> COMMANDS = List.of("ls", "show", "export", "drop", "replay", "check");

  private static final Set<String> ANYWHERE =
      Set.of("--config", "--storage", "--endpoint", "--token-file");
  private static final Set<String> SELECTING =
      Set.of("--dead-letters", "--destination", "--id", "--since", "--until");
  private static final Map<String, Set<String>> OWN =
      Map.of(
          "ls", Set.of("--json", "--destination"),
          "show", with(SELECTING, "--limit", "--json"),
          "export", with(SELECTING, "--limit", "--format", "--output"),
          "drop", with(SELECTING, "--all", "--yes"),
          "replay", with(SELECTING, "--limit", "--to"),
          "check", Set.of());
  private static final Set<String> SWITCHES = Set.of("--dead-letters", "--json", "--yes", "--all");
  private static final Pattern AGO = Pattern.compile("(\\d{1,9})(s|m|h|d)");

  private static Set<String> with(Set<String> some, String... more) {
    var all = new HashSet<>(some);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }

  static QueueLine parse(List<String> words) {
    return new Parser(words).parse();
  }

  String value(String flag) {
    return values.getOrDefault(flag, "");
  }

  boolean has(String flag) {
    return switches.contains(flag) || values.containsKey(flag);
  }

  /// A time, or how long ago: `30m`. Empty if the flag is not there.
  Optional<Instant> time(String flag, InstantSource clock) {
    var text = value(flag);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var ago = AGO.matcher(text);
    if (ago.matches()) {
      long number = Long.parseLong(ago.group(1));
      return Optional.of(
          clock
              .instant()
              .minus(
                  switch (ago.group(2)) {
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                  }));
    }
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException _) {
      throw QueueException.usage(
          flag
              + ": '"
              + text
              + "' (expected: a time such as 2026-01-31T12:00:00Z, or how long ago, as in 30m, 2h, 7d)");
    }
  }

  /// At most so many records.
  long limit(long otherwise) {
    var text = value("--limit");
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      long limit = Long.parseLong(text);
      if (limit > 0) {
        return limit;
      }
    } catch (NumberFormatException _) { // said below
    }
    throw QueueException.usage("--limit: '" + text + "' (expected: a number > 0)");
  }

  private static final class Parser {
    private final List<String> words;
    private final List<String> directories = new ArrayList<>();
    private final List<String> configs = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> switches = new HashSet<>();
    private String command = "";
    private boolean help;
    private int at;

    Parser(List<String> words) {
      this.words = words;
    }

    QueueLine parse() {
      while (at < words.size()) {
        word(words.get(at++));
      }
      if (help) {
        command = "";
      } else if (command.isEmpty()) {
        throw QueueException.usage(
            "no command (expected: one of " + String.join(", ", COMMANDS) + ")");
      }
      return new QueueLine(command, directories, configs, ids, values, switches);
    }

    private void word(String word) {
      if (word.equals("--help")
          || word.equals("-h")
          || (command.isEmpty() && word.equals("help"))) {
        help = true;
      } else if (word.startsWith("-") && word.length() > 1) {
        flag(word);
      } else if (!command.isEmpty()) {
        directories.add(word);
      } else if (COMMANDS.contains(word)) {
        command = word;
      } else {
        throw QueueException.usage(
            "unknown command 'queue "
                + word
                + "' (expected: one of "
                + String.join(", ", COMMANDS)
                + ")");
      }
    }

    private void flag(String word) {
      int equals = word.indexOf('=');
      var name = equals < 0 ? word : word.substring(0, equals);
      var own = OWN.getOrDefault(command, Set.of());
      if (!own.contains(name) && !ANYWHERE.contains(name)) {
        throw QueueException.usage(
            "unknown flag: "
                + name
                + (command.isEmpty()
                    ? " (expected: a command first)"
                    : " (expected: of "
                        + with(own, ANYWHERE.toArray(String[]::new)).stream().sorted().toList()
                        + ")"));
      }
      if (SWITCHES.contains(name)) {
        switches.add(name);
        return;
      }
      var value = equals >= 0 ? word.substring(equals + 1) : next(name);
      switch (name) {
        case "--config" -> configs.add(value);
        case "--id" -> ids.addAll(List.of(value.split(",", -1)));
        default -> values.put(name, value);
      }
    }

    private String next(String name) {
      if (at == words.size()) {
        throw QueueException.usage("flag needs an argument: " + name);
      }
      return words.get(at++);
    }
  }
}
