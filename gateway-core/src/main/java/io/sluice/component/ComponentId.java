package io.sluice.component;

import java.util.regex.Pattern;

/// `type` or `type/name`, as in the configuration. What the user wrote is the identity: `otlp` and
/// `otlp_grpc` are two ids of one exporter.
public record ComponentId(String type, String name) implements Comparable<ComponentId> {
  private static final Pattern TYPE = Pattern.compile("[a-zA-Z][0-9a-zA-Z_]{0,62}");
  private static final Pattern NAME = Pattern.compile("[^\\p{Z}\\p{C}\\p{S}]{1,1024}");

  /// Reads an id.
  ///
  /// @throws IllegalArgumentException saying what is wrong with the text
  public static ComponentId parse(String text) {
    var trimmed = text.strip();
    int slash = trimmed.indexOf('/');
    var type = (slash < 0 ? trimmed : trimmed.substring(0, slash)).strip();
    var name = slash < 0 ? "" : trimmed.substring(slash + 1).strip();
    if (!TYPE.matcher(type).matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no component id (expected: a type of letters, digits and _, then /name)");
    }
    if (slash >= 0 && !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no component id (expected: a name without spaces or symbols after /)");
    }
    return new ComponentId(type, name);
  }

  @Override
  public int compareTo(ComponentId other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return name.isEmpty() ? type : type + "/" + name;
  }
}
