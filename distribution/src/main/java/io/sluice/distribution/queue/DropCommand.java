package io.sluice.distribution.queue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// `sluice queue drop`: asks, drops, and counts.
final class DropCommand {
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;

  DropCommand(InputStream in, PrintStream out, PrintStream err) {
    this.in = in;
    this.out = out;
    this.err = err;
  }

  int run(List<Queue> queues, Map<String, String> parameters, QueueLine line) {
    if (!line.has("--destination") && !line.has("--all")) {
      throw QueueException.usage(
          "drop: of which? (expected: --destination NAME, or --all; there are "
              + queues.stream().map(Queue::destination).toList()
              + ")");
    }
    boolean letters = line.has("--dead-letters");
    var some = queues.stream().filter(queue -> records(queue, letters) > 0).toList();
    if (some.isEmpty()) {
      out.println("There is nothing to drop.");
      return 0;
    }
    if (!line.has("--yes") && !confirmed(some, letters, line)) {
      err.println("Nothing was dropped.");
      return QueueCommand.FAILED;
    }
    int status = 0;
    for (var queue : some) {
      if (!drop(queue, parameters, letters)) {
        err.println(
            "Error: "
                + queue.label()
                + ": that they are dropped could not be written to the disk: after a crash they may be"
                + " there again");
        status = QueueCommand.FAILED;
      }
    }
    return status;
  }

  private static long records(Queue queue, boolean letters) {
    return (letters ? queue.deadLetters() : queue.waiting()).getLong("records");
  }

  private boolean confirmed(List<Queue> queues, boolean letters, QueueLine line) {
    boolean part = !line.ids().isEmpty() || line.has("--since") || line.has("--until");
    for (var queue : queues) {
      var counts = letters ? queue.deadLetters() : queue.waiting();
      out.printf(
          "%s: %s%d %s with %d items%n",
          queue.label(),
          part ? "what is selected of " : "",
          counts.getLong("records"),
          letters ? "dead letters" : "batches that are not delivered",
          counts.getLong("items"));
    }
    out.print("Drop that for good? [y/N] ");
    out.flush();
    try {
      var answer = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
      out.println();
      return answer != null && Set.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    } catch (IOException _) {
      return false;
    }
  }

  /// Whether it is on stable storage.
  private boolean drop(Queue queue, Map<String, String> parameters, boolean letters) {
    boolean durable = true;
    long records = 0;
    long items = 0;
    long inFlight = 0;
    var now = new HashMap<>(parameters);
    for (var resume = "0"; !resume.isEmpty(); ) {
      var dropped = queue.call("drop", now).asJson();
      records += dropped.getLong("records");
      items += dropped.getLong("items");
      inFlight += dropped.getLong("in_flight");
      durable &= dropped.getBoolean("durable", true);
      resume = dropped.getString("resume");
      now.put("after", resume);
    }
    out.printf(
        "%s: dropped %d %s with %d items%s%n",
        queue.label(),
        records,
        letters ? "dead letters" : "batches",
        items,
        inFlight == 0 ? "" : "; " + inFlight + " are being sent just now and were left");
    return durable;
  }
}
