package io.sluice.it.durability;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What came of an experiment. Items are spans but for `acked` and `refused`, which are requests.
///
/// @param runs how often it was done
/// @param fired in how many of them the fault really happened
/// @param lost answered for, and neither delivered nor among the dead letters
/// @param invented delivered, and not as anybody had sent it
/// @param quarantined damaged places that were set aside
/// @param readySeconds the longest start after a fault
/// @param note what else is to be said; `!` in front: something that must not be
record Row(
    String experiment,
    Subject subject,
    long seed,
    int runs,
    int fired,
    long sent,
    long acked,
    long refused,
    long delivered,
    long duplicate,
    long lost,
    long invented,
    long quarantined,
    long deadLettered,
    double readySeconds,
    long rssMib,
    String note) {

  Row plus(Row other) {
    return new Row(
        experiment,
        subject,
        seed,
        runs + other.runs,
        fired + other.fired,
        sent + other.sent,
        acked + other.acked,
        refused + other.refused,
        delivered + other.delivered,
        duplicate + other.duplicate,
        lost + other.lost,
        invented + other.invented,
        quarantined + other.quarantined,
        deadLettered + other.deadLettered,
        Math.max(readySeconds, other.readySeconds),
        Math.max(rssMib, other.rssMib),
        note.isEmpty() || note.equals(other.note)
            ? other.note
            : other.note.isEmpty() ? note : note + "; " + other.note);
  }

  Row runs(int runs, int fired) {
    return new Row(
        experiment,
        subject,
        seed,
        runs,
        fired,
        sent,
        acked,
        refused,
        delivered,
        duplicate,
        lost,
        invented,
        quarantined,
        deadLettered,
        readySeconds,
        rssMib,
        note);
  }

  Row lost(long lost) {
    return new Row(
        experiment,
        subject,
        seed,
        runs,
        fired,
        sent,
        acked,
        refused,
        delivered,
        duplicate,
        lost,
        invented,
        quarantined,
        deadLettered,
        readySeconds,
        rssMib,
        note);
  }

  Row note(String note) {
    return new Row(
        experiment,
        subject,
        seed,
        runs,
        fired,
        sent,
        acked,
        refused,
        delivered,
        duplicate,
        lost,
        invented,
        quarantined,
        deadLettered,
        readySeconds,
        rssMib,
        note);
  }

  /// Nothing was lost or made up, nothing else is wrong.
  boolean good() {
    return lost == 0 && invented == 0 && !note.contains("!");
  }

  static final List<String> COLUMNS =
      List.of(
          "experiment",
          "gateway",
          "runs (fired)",
          "acked",
          "refused",
          "delivered",
          "duplicate",
          "lost",
          "invented",
          "quarantined",
          "dead letters",
          "start s",
          "RSS MiB",
          "remarks");

  String markdown() {
    return markdown(experiment);
  }

  /// @param title of the experiment
  String markdown(String title) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %d (%d) | %d | %d | %d | %d | %s | %s | %d | %d | %.1f | %d | %s |",
        title,
        subject.title,
        runs,
        fired,
        acked,
        refused,
        delivered,
        duplicate,
        lost > 0 ? "**" + lost + "**" : "0",
        invented > 0 ? "**" + invented + "**" : "0",
        quarantined,
        deadLettered,
        readySeconds,
        rssMib,
        note);
  }

  /// One line, to be read back by [#parse].
  String line() {
    return String.join(
        "\t",
        experiment,
        subject.name(),
        String.valueOf(seed),
        String.valueOf(runs),
        String.valueOf(fired),
        String.valueOf(sent),
        String.valueOf(acked),
        String.valueOf(refused),
        String.valueOf(delivered),
        String.valueOf(duplicate),
        String.valueOf(lost),
        String.valueOf(invented),
        String.valueOf(quarantined),
        String.valueOf(deadLettered),
        String.valueOf(readySeconds),
        String.valueOf(rssMib),
        note.replaceAll("\\s+", " ") + ".");
  }

  static Row parse(String line) {
    var words = line.split("\t");
    var numbers = Arrays.stream(words, 2, 14).mapToLong(Long::parseLong).toArray();
    return new Row(
        words[0],
        Subject.valueOf(words[1]),
        numbers[0],
        (int) numbers[1],
        (int) numbers[2],
        numbers[3],
        numbers[4],
        numbers[5],
        numbers[6],
        numbers[7],
        numbers[8],
        numbers[9],
        numbers[10],
        numbers[11],
        Double.parseDouble(words[14]),
        Long.parseLong(words[15]),
        words[16].substring(0, words[16].length() - 1));
  }
}
