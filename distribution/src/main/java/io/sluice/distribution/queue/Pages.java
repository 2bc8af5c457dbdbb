package io.sluice.distribution.queue;

import io.sluice.extensions.admin.Answer;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;

/// Reads page after page until there is no more, or enough.
final class Pages {
  private final PrintStream err;
  private long left;

  interface Page {
    void take(Answer answer);
  }

  /// @param limit at most so many records
  Pages(PrintStream err, long limit) {
    this.err = err;
    left = limit;
  }

  void read(Queue queue, String call, Map<String, String> parameters, Page page) {
    var after = "";
    while (left > 0) {
      var now = new HashMap<>(parameters);
      now.put("limit", Long.toString(Math.min(left, Integer.MAX_VALUE)));
      if (!after.isEmpty()) {
        now.put("after", after);
      }
      var answer = queue.call(call, now);
      if (answer.damaged() > 0) {
        err.println(
            "Warning: "
                + queue.label()
                + ": "
                + answer.damaged()
                + " damaged records were left out (sluice queue check says where)");
      }
      page.take(answer);
      left -= answer.records();
      after = answer.resume();
      if (after.isEmpty()) {
        return;
      }
    }
  }
}
