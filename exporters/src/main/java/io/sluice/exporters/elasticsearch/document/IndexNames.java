package io.sluice.exporters.elasticsearch.document;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// Names of indices, confined: what comes out of the data reaches no hidden or system index, no other by a
/// list, wildcard or date expression, and no more than the server takes.
public final class IndexNames {
  private static final String FORBIDDEN = "\\/*?\"<>| ,#:";
  private static final int BYTES_MAX = 255;
  private static final int PART_BYTES_MAX = 100;

  private final List<String> prefixes;

  /// @param prefixes what names that the data gives must begin with; none for any
  IndexNames(List<String> prefixes) {
    this.prefixes = List.copyOf(prefixes);
  }

  /// The name that the data gives, made safe; empty if it may not be used.
  String ofData(String wanted) {
    var name = cut(cleaned(wanted, FORBIDDEN), BYTES_MAX);
    boolean hidden = name.isEmpty() || "._-+".indexOf(name.charAt(0)) >= 0;
    return hidden || !allowed(name) ? "" : name;
  }

  /// Whether it begins as the names that the data gives must.
  boolean allowed(String name) {
    return prefixes.isEmpty() || prefixes.stream().anyMatch(name::startsWith);
  }

  static String type(String wanted) {
    var type = part(wanted, FORBIDDEN + "-", "");
    return type.isEmpty() || "._+".indexOf(type.charAt(0)) >= 0 ? "" : type;
  }

  static String dataset(String wanted, String suffix) {
    return part(wanted, FORBIDDEN + "-", suffix);
  }

  static String namespace(String wanted) {
    return part(wanted, FORBIDDEN, "");
  }

  private static String part(String wanted, String forbidden, String suffix) {
    return cut(cleaned(wanted, forbidden), PART_BYTES_MAX - suffix.length()) + suffix;
  }

  private static String cleaned(String wanted, String forbidden) {
    var lower = wanted.toLowerCase(Locale.ROOT);
    var clean = new StringBuilder(lower.length());
    lower
        .codePoints()
        .forEach(c ->
            clean.appendCodePoint(c < 0x20 || c == 0x7F || forbidden.indexOf(c) >= 0 ? '_' : c));
    return clean.toString();
  }

  private static String cut(String text, int bytesMax) {
    var cut = text;
    while (cut.getBytes(StandardCharsets.UTF_8).length > bytesMax) {
      int over = cut.getBytes(StandardCharsets.UTF_8).length - bytesMax;
      cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -Math.max(1, over / 4)));
    }
    return cut;
  }

  /// What is wrong with a name that the user writes; empty if nothing is.
  public static String wrong(String name) {
    if (!name.equals(cleaned(name, FORBIDDEN))) {
      return "'" + name + "' (expected: lower case, and none of " + FORBIDDEN + ")";
    }
    if ((!name.isEmpty() && "_-+".indexOf(name.charAt(0)) >= 0) || name.matches("\\.{1,2}")) {
      return "'" + name + "' (expected: not to begin with _, - or +, and neither . nor ..)";
    }
    return name.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX
        ? "longer than " + BYTES_MAX + " bytes"
        : "";
  }
}
