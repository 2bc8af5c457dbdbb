package io.sluice.it.durability;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads what [Strace#order] wrote. A line's number is its time: strace writes a call that is broken off
/// by others twice, once before the system has begun with it and once after it has ended.
final class Calls {
  private static final Pattern LINE = Pattern.compile("(\\d+) +(.*)");
  private static final Pattern CALL = Pattern.compile("(\\w+)\\((\\d+)<(.*?)> *[,)](.*)");
  private static final Pattern STRING = Pattern.compile("\"((?:\\\\x[0-9a-f]{2})*)\"");
  private static final Pattern RESULT = Pattern.compile(".*\\) += (-?\\d+).*");
  private static final String UNFINISHED = "<unfinished ...>";
  private static final Pattern RESUMED = Pattern.compile("<\\.\\.\\. \\w+ resumed>(.*)");

  /// @param of which file or connection
  /// @param begun the line before which the system had not seen it
  /// @param ended the line at which it was over
  record Call(String name, String of, byte[] bytes, long begun, long ended) {}

  private record Begun(String text, long line) {}

  private Calls() {}

  /// Those that succeeded.
  static void each(Stream<String> lines, Consumer<Call> then) {
    var begun = new HashMap<String, Begun>();
    var all = new ArrayList<Call>();
    long[] number = {0};
    lines.forEach(line -> {
      number[0]++;
      var parts = LINE.matcher(line);
      if (!parts.matches()) {
        return;
      }
      var thread = parts.group(1);
      var text = parts.group(2);
      var resumed = RESUMED.matcher(text);
      if (text.endsWith(UNFINISHED)) {
        var start = text.substring(0, text.length() - UNFINISHED.length());
        begun.put(thread, new Begun(start, number[0]));
      } else if (resumed.matches()) {
        var first = begun.remove(thread);
        if (first != null) {
          call(first.text() + resumed.group(1), first.line(), number[0], all);
        }
      } else {
        call(text, number[0], number[0], all);
      }
    });
    all.forEach(then);
  }

  private static void call(String text, long begun, long ended, List<Call> into) {
    var call = CALL.matcher(text);
    var result = RESULT.matcher(text);
    if (!call.matches() || !result.matches()) {
      return;
    }
    long length = Long.parseLong(result.group(1));
    if (length < 0) {
      return;
    }
    var bytes = bytes(call.group(4));
    into.add(
        new Call(
            call.group(1),
            call.group(2) + "<" + call.group(3),
            call.group(1).contains("sync")
                ? bytes
                : Arrays.copyOf(bytes, (int) Math.min(length, bytes.length)),
            begun,
            ended));
  }

  private static byte[] bytes(String text) {
    var out = new ByteArrayOutputStream();
    var strings = STRING.matcher(text);
    while (strings.find()) {
      var hex = strings.group(1);
      for (int i = 0; i < hex.length(); i += 4) {
        out.write(Integer.parseInt(hex, i + 2, i + 4, 16));
      }
    }
    return out.toByteArray();
  }
}
