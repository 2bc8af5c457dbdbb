package io.sluice.distribution.queue;

import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/// `sluice queue show`: what is known of each record besides its content.
final class ShowCommand {
  private final PrintStream out;
  private final PrintStream err;

  ShowCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  int run(List<Queue> queues, Map<String, String> parameters, long limit, boolean json) {
    for (var queue : queues) {
      new Pages(err, limit)
          .read(
              queue,
              "records",
              parameters,
              answer -> {
                for (var record : answer.asJson().getJsonArray("records")) {
                  show(queue, (JsonObject) record, json);
                }
              });
    }
    return 0;
  }

  private void show(Queue queue, JsonObject record, boolean json) {
    if (json) {
      out.println(
          new JsonObject()
              .put("place", queue.caller().place())
              .put("storage", queue.storage())
              .put("queue", queue.destination())
              .mergeIn(record)
              .encode());
      return;
    }
    out.printf(
        "%s  id %d  %s  %s  %d items  %d bytes, %d on disk%s%n",
        queue.destination(),
        record.getLong("id"),
        record.getString("stored_at"),
        record.getString("signal"),
        record.getLong("items"),
        record.getLong("bytes"),
        record.getLong("stored_bytes"),
        record.getString("encoding").isEmpty() ? "" : " as " + record.getString("encoding"));
    var letter = record.getJsonObject("dead_letter");
    if (letter != null) {
      out.printf("    status       %s%n", printable(letter.getString("status")));
      out.printf("    message      %s%n", printable(letter.getString("message")));
      out.printf("    destination  %s%n", letter.getString("destination"));
    }
    out.printf(
        "    received     by %s over %s from %s%n",
        orUnknown(record.getString("receiver")),
        orUnknown(record.getString("transport")),
        orUnknown(record.getString("peer")));
    if (!record.getJsonObject("metadata").isEmpty()) {
      out.printf("    metadata     %s%n", printable(record.getJsonObject("metadata").encode()));
    }
    out.printf(
        "    at           %s, offset %d%n", record.getString("file"), record.getLong("offset"));
  }

  private static String orUnknown(String text) {
    return text.isEmpty() ? "?" : printable(text);
  }

  /// Words of others do not command the terminal.
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
