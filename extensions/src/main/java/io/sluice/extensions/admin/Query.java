package io.sluice.extensions.admin;

import io.sluice.disk.Selection;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The parameters of a call.
final class Query {
  static final String STORAGE = "storage";
  static final String DESTINATION = "destination";
  static final String DEAD_LETTERS = "dead_letters";
  static final String AFTER = "after";
  static final String ID = "id";
  static final String SINCE = "since";
  static final String UNTIL = "until";
  static final String LIMIT = "limit";
  static final String FORMAT = "format";
  static final String TO = "to";
  private static final Set<String> KNOWN =
      Set.of(STORAGE, DESTINATION, DEAD_LETTERS, AFTER, ID, SINCE, UNTIL, LIMIT, FORMAT, TO);

  private final Map<String, String> parameters;

  /// One that makes no sense; the message says what would.
  static final class BadQueryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadQueryException(String message) {
      super(message);
    }
  }

  Query(Map<String, String> parameters) {
    this.parameters = parameters;
    for (var name : parameters.keySet()) {
      if (!KNOWN.contains(name)) {
        throw new BadQueryException(
            name + ": unknown parameter (expected: of " + KNOWN.stream().sorted().toList() + ")");
      }
    }
  }

  String text(String name) {
    return parameters.getOrDefault(name, "");
  }

  boolean deadLetters() {
    return switch (text(DEAD_LETTERS)) {
      case "", "false" -> false;
      case "true" -> true;
      case String other ->
          throw new BadQueryException(DEAD_LETTERS + ": '" + other + "' (expected: true or false)");
    };
  }

  boolean proto() {
    return switch (text(FORMAT)) {
      case "", "json" -> false;
      case "proto" -> true;
      case String other ->
          throw new BadQueryException(FORMAT + ": '" + other + "' (expected: json or proto)");
    };
  }

  /// @param limitMax for one call
  Selection selection(int limitMax) {
    var ids =
        Arrays.stream(text(ID).split(",", -1))
            .filter(id -> !id.isEmpty())
            .map(id -> number(ID, id))
            .collect(Collectors.toSet());
    long limit = text(LIMIT).isEmpty() ? limitMax : number(LIMIT, text(LIMIT));
    return new Selection(
        text(AFTER).isEmpty() ? -1 : number(AFTER, text(AFTER)),
        ids,
        text(SINCE).isEmpty() ? 0 : time(SINCE),
        text(UNTIL).isEmpty() ? Long.MAX_VALUE : time(UNTIL),
        Math.clamp(limit, 0, limitMax));
  }

  private static long number(String name, String text) {
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException _) { // said below
    }
    throw new BadQueryException(name + ": '" + text + "' (expected: a number >= 0)");
  }

  private long time(String name) {
    try {
      return Instant.parse(text(name)).toEpochMilli();
    } catch (DateTimeParseException _) {
      throw new BadQueryException(
          name + ": '" + text(name) + "' (expected: a time such as 2026-01-31T12:00:00Z)");
    }
  }
}
