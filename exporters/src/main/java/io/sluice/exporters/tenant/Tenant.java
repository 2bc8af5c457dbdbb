package io.sluice.exporters.tenant;

import java.util.Map;

/// Who data belongs to.
///
/// @param name empty for nobody in particular
/// @param objection why data must not be sent under this name; empty if it may
public record Tenant(String name, String objection) {
  static final String HEADER = "X-Scope-OrgID";

  /// In bytes, as the servers count.
  static final int LENGTH_MAX = 150;

  /// Besides letters and digits.
  private static final String MORE_CHARACTERS = "!-_.*'()";

  /// So much of a name that is not valid is shown.
  private static final int SHOWN_CHARS_MAX = 60;

  static final Tenant NONE = new Tenant("", "");

  static Tenant of(String name) {
    return name.isEmpty() ? NONE : new Tenant(name, objection(name));
  }

  static Tenant refused(String objection) {
    return new Tenant("", objection);
  }

  public boolean valid() {
    return objection.isEmpty();
  }

  /// What tells a server.
  public Map<String, String> headers() {
    return name.isEmpty() ? Map.of() : Map.of(HEADER, name);
  }

  /// Empty if the name is one that Loki, Tempo and Mimir take.
  static String objection(String name) {
    if (!name.chars().allMatch(Tenant::allowed)) {
      return "tenant '"
          + shown(name)
          + "' (expected: letters, digits and "
          + MORE_CHARACTERS
          + " only)";
    }
    if (name.length() > LENGTH_MAX) {
      return "tenant '" + shown(name) + "' (expected: at most " + LENGTH_MAX + " bytes)";
    }
    return name.equals(".") || name.equals("..")
        ? "tenant '" + name + "' (expected: neither . nor ..)"
        : "";
  }

  private static boolean allowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || MORE_CHARACTERS.indexOf(c) >= 0;
  }

  /// Without what could break a line of the log.
  private static String shown(String name) {
    var start =
        name.length() <= SHOWN_CHARS_MAX ? name : name.substring(0, SHOWN_CHARS_MAX) + "...";
    return start.replaceAll("[^ -~]", "?");
  }
}
