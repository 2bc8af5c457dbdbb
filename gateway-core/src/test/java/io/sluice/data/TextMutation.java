package io.sluice.data;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// One damage to a JSON text: to a whole value or member of it, or to its bytes.
final class TextMutation {
  private static final int NESTING_MAX = 200;
  private static final List<String> ODDITIES =
      List.of(
          "null",
          "true",
          "{}",
          "[]",
          "\"\"",
          "-1",
          "1e400",
          "1e-400",
          "-0",
          "0.5",
          "\"NaN\"",
          "\"Infinity\"",
          "NaN",
          "18446744073709551616",
          "\"9223372036854775808\"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\"0x10\"",
          "\"STATUS_CODE_OK\"",
          "01",
          "1.",
          "/**/1",
          "\ufeff1");

  private final SplittableRandom random;
  private final byte[] donor;

  /// @param donor another text, of which parts are taken
  TextMutation(SplittableRandom random, byte[] donor) {
    this.random = random;
    this.donor = donor;
  }

  byte[] apply(byte[] text) {
    if (text.length < 2) {
      return oddity();
    }
    int[] value = value(text);
    var chosen = Arrays.copyOfRange(text, value[0], value[1]);
    return switch (random.nextInt(9)) {
      case 0 -> with(text, value, new byte[0]);
      case 1 -> with(text, value, join(chosen, ",".getBytes(StandardCharsets.UTF_8), chosen));
      case 2 -> with(text, value, nested(chosen));
      case 3 -> with(text, value, oddity());
      case 4 -> {
        int[] from = value(donor);
        yield with(text, value, Arrays.copyOfRange(donor, from[0], from[1]));
      }
      case 5 -> exchanged(text);
      case 6 -> Arrays.copyOf(text, random.nextInt(text.length));
      case 7 -> flipped(text);
      default -> marked(text);
    };
  }

  private byte[] oddity() {
    return ODDITIES.get(random.nextInt(ODDITIES.size())).getBytes(StandardCharsets.UTF_8);
  }

  /// Where a value, a name or a member of an object stands.
  private int[] value(byte[] text) {
    int from = random.nextInt(text.length);
    while (from > 0 && "{[,:".indexOf(text[from - 1]) < 0) {
      from--;
    }
    int depth = 0;
    boolean quoted = false;
    int at = from;
    for (; at < text.length; at++) {
      byte b = text[at];
      if (quoted) {
        at += b == '\\' ? 1 : 0;
        quoted = b != '"';
      } else if (b == '"') {
        quoted = true;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if (b == '}' || b == ']') {
        if (--depth < 0) {
          break;
        }
      } else if (depth == 0 && b == ',') {
        break;
      }
    }
    return new int[] {from, Math.min(at, text.length)};
  }

  private byte[] nested(byte[] value) {
    int levels = random.nextInt(NESTING_MAX);
    var brackets =
        List.of(
            new String[] {"[", "]"},
            new String[] {"{\"a\":", "}"},
            new String[] {"{\"arrayValue\":{\"values\":[", "]}}"},
            new String[] {"{\"kvlistValue\":{\"values\":[{\"key\":\"k\",\"value\":", "}]}}"});
    var chosen = brackets.get(random.nextInt(brackets.size()));
    return join(
        chosen[0].repeat(levels).getBytes(StandardCharsets.UTF_8),
        value,
        chosen[1].repeat(levels).getBytes(StandardCharsets.UTF_8));
  }

  private byte[] exchanged(byte[] text) {
    int[] one = value(text);
    int[] two = value(text);
    if (one[0] > two[0]) {
      int[] swap = one;
      one = two;
      two = swap;
    }
    if (one[1] > two[0]) {
      return flipped(text);
    }
    return join(
        Arrays.copyOf(text, one[0]),
        Arrays.copyOfRange(text, two[0], two[1]),
        Arrays.copyOfRange(text, one[1], two[0]),
        Arrays.copyOfRange(text, one[0], one[1]),
        Arrays.copyOfRange(text, two[1], text.length));
  }

  private byte[] flipped(byte[] text) {
    var flipped = text.clone();
    flipped[random.nextInt(text.length)] ^= (byte) (1 << random.nextInt(8));
    return flipped;
  }

  private byte[] marked(byte[] text) {
    var marked = text.clone();
    marked[random.nextInt(text.length)] = (byte) "{}[]\",:0-e\\ \u007f".charAt(random.nextInt(13));
    return marked;
  }

  private static byte[] with(byte[] text, int[] part, byte[] instead) {
    return join(
        Arrays.copyOf(text, part[0]), instead, Arrays.copyOfRange(text, part[1], text.length));
  }

  private static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
