package io.sluice.distribution.queue;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `sluice queue replay`: dead letters go back to a queue. One that was not moved is a dead letter still.
final class ReplayCommand {
  private final PrintStream out;
  private final PrintStream err;

  ReplayCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  int run(List<Queue> queues, Map<String, String> parameters, QueueLine line) {
    var some = queues.stream().filter(queue -> queue.deadLetters().getLong("records") > 0).toList();
    if (some.isEmpty()) {
      out.println("There are no dead letters.");
      return 0;
    }
    var to = line.value("--to");
    if (!to.isEmpty() && some.size() > 1) {
      throw QueueException.usage("--to: of which? (expected: --destination NAME)");
    }
    long left = line.limit(Long.MAX_VALUE);
    int status = 0;
    for (var queue : some) {
      var replayed = replay(queue, to, parameters, left);
      left -= replayed.records();
      if (!replayed.reason().isEmpty()) {
        err.println(
            "Error: "
                + queue.label()
                + ": the rest stays among the dead letters: "
                + replayed.reason());
        status = QueueCommand.FAILED;
      }
      if (!replayed.durable()) {
        err.println(
            "Error: "
                + queue.label()
                + ": that they are dead letters no more could not be written to the disk: after a crash"
                + " they may be among them again");
        status = QueueCommand.FAILED;
      }
    }
    return status;
  }

  private record Replayed(long records, String reason, boolean durable) {}

  private Replayed replay(Queue queue, String to, Map<String, String> parameters, long limit) {
    long records = 0;
    long items = 0;
    var reason = "";
    boolean durable = true;
    var now = new HashMap<>(parameters);
    now.remove("dead_letters");
    if (!to.isEmpty()) {
      now.put("to", to);
    }
    for (var resume = "0"; !resume.isEmpty() && reason.isEmpty() && records < limit; ) {
      now.put("limit", Long.toString(Math.min(limit - records, Integer.MAX_VALUE)));
      var replayed = queue.call("replay", now).asJson();
      records += replayed.getLong("records");
      items += replayed.getLong("items");
      reason = replayed.getString("reason");
      durable &= replayed.getBoolean("durable", true);
      resume = replayed.getString("resume");
      now.put("after", resume);
    }
    out.printf(
        "%s: %d dead letters with %d items are in the queue of %s again%n",
        queue.label(), records, items, to.isEmpty() ? queue.destination() : to);
    return new Replayed(records, reason, durable);
  }
}
