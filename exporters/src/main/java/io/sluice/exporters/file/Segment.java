package io.sluice.exporters.file;

/// The part of a path that an attribute decides: one plain file name part, whatever the value.
///
/// Letters, digits, `-`, `_` and single dots that do not lead stay; all else, separators above all, is spelled
/// `~HHHH`, so that two values never share a file and none leaves its directory.
final class Segment {
  /// Where resources go that do not have the attribute as text. No value is spelled like that.
  static final String MISSING = "~missing";

  private static final int CHARS_MAX = 200;

  private Segment() {}

  static String of(String value) {
    if (value.isEmpty()) {
      return "~empty";
    }
    var name = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (isPlain(c) || (c == '.' && i > 0 && value.charAt(i - 1) != '.')) {
        name.append(c);
      } else {
        name.append(String.format("~%04X", (int) c));
      }
    }
    return name.length() <= CHARS_MAX
        ? name.toString()
        : name.substring(0, CHARS_MAX) + "~" + Digest.of(value);
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }
}
