package io.sluice.distribution.queue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `sluice queue ls`: a line for each queue.
final class ListCommand {
  private static final List<String> TITLES =
      List.of("STORAGE", "DESTINATION", "RECORDS", "ITEMS", "BYTES", "OLDEST", "DEAD LETTERS", "");

  private final PrintStream out;
  private final InstantSource clock;

  ListCommand(PrintStream out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  int run(List<Queue> queues, boolean json) {
    if (json) {
      var all = new JsonArray();
      queues.forEach(queue ->
          all.add(
              new JsonObject()
                  .put("place", queue.caller().place())
                  .put("storage", queue.storage())
                  .mergeIn(queue.state())));
      out.println(new JsonObject().put("queues", all).encodePrettily());
      return 0;
    }
    var rows = new ArrayList<List<String>>();
    rows.add(TITLES);
    queues.forEach(queue -> rows.add(row(queue)));
    print(rows);
    return 0;
  }

  private List<String> row(Queue queue) {
    var waiting = queue.waiting();
    var oldest = waiting.getString("oldest");
    return List.of(
        queue.storage().isEmpty() ? queue.caller().place() : queue.storage(),
        queue.destination(),
        waiting.getLong("records").toString(),
        waiting.getLong("items").toString(),
        waiting.getLong("bytes").toString(),
        oldest == null ? "-" : age(Duration.between(Instant.parse(oldest), clock.instant())),
        queue.deadLetters().getLong("records").toString(),
        note(queue));
  }

  private static String note(Queue queue) {
    boolean holds = queue.waiting().getLong("records") > 0;
    boolean runs = !queue.storage().isEmpty();
    return holds && runs && !queue.state().getBoolean("attended", true) ? "no exporter" : "";
  }

  private static String age(Duration age) {
    if (age.toDays() > 0) {
      return age.toDays() + "d" + age.toHoursPart() + "h";
    }
    if (age.toHours() > 0) {
      return age.toHours() + "h" + age.toMinutesPart() + "m";
    }
    if (age.toMinutes() > 0) {
      return age.toMinutes() + "m" + age.toSecondsPart() + "s";
    }
    return Math.max(0, age.toSeconds()) + "s";
  }

  private void print(List<List<String>> rows) {
    var widths = new int[TITLES.size()];
    for (var row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (var row : rows) {
      var text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        text.append(String.format(Locale.ROOT, "%-" + (widths[i] + 2) + "s", row.get(i)));
      }
      out.println(text.toString().stripTrailing());
    }
  }
}
