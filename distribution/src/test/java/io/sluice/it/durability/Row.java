package io.sluice.it.durability;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What came of an experiment.
///
/// @param note what else is to be said; `!` in front: something that must not be
record Row(
    String experiment, Subject subject, long seed, Map<Figure, Double> figures, String note) {

  /// Of all runs together. Items are spans but for those that say requests.
  enum Figure {
    RUNS,
    /// Runs in which the fault really happened.
    FIRED,
    SENT,
    /// Requests.
    ACKED("acked"),
    /// Requests.
    REFUSED("refused"),
    DELIVERED("delivered"),
    DUPLICATE("duplicate"),
    /// Answered for, and neither delivered nor among the dead letters.
    LOST("lost"),
    /// Delivered, and not as anybody had sent it.
    INVENTED("invented"),
    /// Damaged places that were set aside.
    QUARANTINED("quarantined"),
    DEAD_LETTERED("dead letters"),
    /// The longest start after a fault.
    READY_SECONDS("start s", true),
    RSS_MIB("RSS MiB", true);

    /// Empty: not in a column of its own.
    private final String column;

    /// Of several runs the most counts, not the sum.
    private final boolean most;

    Figure() {
      this("");
    }

    Figure(String column) {
      this(column, false);
    }

    Figure(String column, boolean most) {
      this.column = column;
      this.most = most;
    }

    double join(double one, double other) {
      return most ? Math.max(one, other) : one + other;
    }
  }

  Row {
    figures = Collections.unmodifiableMap(new EnumMap<>(figures));
  }

  Row plus(Row other) {
    var joined = new EnumMap<Figure, Double>(Figure.class);
    for (var figure : Figure.values()) {
      joined.put(figure, figure.join(get(figure), other.get(figure)));
    }
    var notes =
        note.isEmpty() || note.equals(other.note)
            ? other.note
            : other.note.isEmpty() ? note : note + "; " + other.note;
    return new Row(experiment, subject, seed, joined, notes);
  }

  Row with(Figure figure, double value) {
    var changed = new EnumMap<>(figures);
    changed.put(figure, value);
    return new Row(experiment, subject, seed, changed, note);
  }

  Row note(String note) {
    return new Row(experiment, subject, seed, figures, note);
  }

  private double get(Figure figure) {
    return figures.getOrDefault(figure, 0.0);
  }

  long count(Figure figure) {
    return (long) get(figure);
  }

  /// Nothing was lost or made up, nothing else is wrong.
  boolean good() {
    return get(Figure.LOST) == 0 && get(Figure.INVENTED) == 0 && !note.contains("!");
  }

  static List<String> columns() {
    var columns = new ArrayList<>(List.of("experiment", "gateway", "runs (fired)"));
    Arrays.stream(Figure.values())
        .map(figure -> figure.column)
        .filter(c -> !c.isEmpty())
        .forEach(columns::add);
    columns.add("remarks");
    return columns;
  }

  String markdown() {
    return markdown(experiment);
  }

  /// @param title of the experiment
  String markdown(String title) {
    var cells = new ArrayList<>(List.of(title, subject.title));
    cells.add(count(Figure.RUNS) + " (" + count(Figure.FIRED) + ")");
    for (var figure : Figure.values()) {
      if (!figure.column.isEmpty()) {
        cells.add(cell(figure));
      }
    }
    cells.add(note);
    return "| " + String.join(" | ", cells) + " |";
  }

  private String cell(Figure figure) {
    return switch (figure) {
      case LOST, INVENTED -> count(figure) > 0 ? "**" + count(figure) + "**" : "0";
      case READY_SECONDS -> String.format(Locale.ROOT, "%.1f", get(figure));
      default -> String.valueOf(count(figure));
    };
  }

  /// One line, to be read back by [#parse].
  String line() {
    var words = new ArrayList<>(List.of(experiment, subject.name(), String.valueOf(seed)));
    for (var figure : Figure.values()) {
      words.add(String.valueOf(get(figure)));
    }
    words.add(note.replaceAll("\\s+", " ") + ".");
    return String.join("\t", words);
  }

  static Row parse(String line) {
    var words = List.of(line.split("\t"));
    var figures = new EnumMap<Figure, Double>(Figure.class);
    int at = 3;
    for (var figure : Figure.values()) {
      figures.put(figure, Double.valueOf(words.get(at++)));
    }
    var last = words.getLast();
    return new Row(
        words.get(0),
        Subject.valueOf(words.get(1)),
        Long.parseLong(words.get(2)),
        figures,
        last.substring(0, last.length() - 1));
  }
}
