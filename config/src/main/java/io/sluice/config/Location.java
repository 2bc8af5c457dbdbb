package io.sluice.config;

import io.sluice.telemetry.Why;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `scheme:rest`, as after `--config` and inside `${...}`.
record Location(String scheme, String rest) {
  static final List<String> SCHEMES = List.of("env", "file", "http", "https", "yaml");
  private static final Pattern URI_FORM =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):(.*)", Pattern.DOTALL);
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);
  private static final Pattern VARIABLE = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
  private static final String DEFAULT_MARK = ":-";

  /// Something about a source that makes it unusable.
  static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1;

    UnusableException(String message) {
      super(message);
    }
  }

  /// What a location gives.
  ///
  /// @param text as it stands there
  /// @param verbatim an empty default, which is a text and not nothing
  /// @param warning empty if there is nothing to say
  record Content(String text, boolean verbatim, String warning) {
    static Content of(String text) {
      return new Content(text, false, "");
    }
  }

  /// As given to `--config`: without a scheme it is a path.
  static Location ofSource(String text) throws UnusableException {
    return !text.contains(":") || DRIVE.matcher(text).matches()
        ? new Location("file", text)
        : parse(text);
  }

  static Location parse(String text) throws UnusableException {
    var matcher = URI_FORM.matcher(text);
    if (!matcher.matches()) {
      throw new UnusableException("'" + text + "' is no address (expected: scheme:rest)");
    }
    var location = new Location(matcher.group(1), matcher.group(2));
    if (!SCHEMES.contains(location.scheme)) {
      throw new UnusableException(location.unknownScheme());
    }
    return location;
  }

  private String unknownScheme() {
    var forDefault =
        rest.startsWith("-") && VARIABLE.matcher(scheme).matches()
            ? "; for a default write ${env:" + scheme + ":" + rest + "}"
            : "";
    return "the scheme '"
        + scheme
        + "' (expected: one of "
        + String.join(", ", SCHEMES)
        + forDefault
        + ")";
  }

  /// True if lines and columns in the content are worth more than those of the reference to it.
  boolean hasLines() {
    return !scheme.equals("env") && !scheme.equals("yaml");
  }

  /// Names the source in messages; never with its content.
  String label() {
    return switch (scheme) {
      case "file" -> rest;
      case "yaml" -> "yaml:";
      case "env" -> "env:" + variable();
      default -> this.toString();
    };
  }

  Content read(Environment environment) throws UnusableException {
    return switch (scheme) {
      case "env" -> variable(environment);
      case "yaml" -> Content.of(rest);
      case "file" -> file(environment);
      default -> fetched(environment);
    };
  }

  private String variable() {
    int mark = rest.indexOf(DEFAULT_MARK);
    return mark < 0 ? rest : rest.substring(0, mark);
  }

  private Content variable(Environment environment) throws UnusableException {
    var name = variable();
    if (!VARIABLE.matcher(name).matches()) {
      throw new UnusableException(
          "'"
              + name
              + "' as the name of an environment variable (expected: letters, digits and _)");
    }
    @Nullable String value = environment.variable(name);
    if (value != null) {
      return Content.of(value);
    }
    if (name.length() < rest.length()) {
      var text = rest.substring(name.length() + DEFAULT_MARK.length());
      return new Content(text, text.isEmpty(), "");
    }
    return new Content(
        "", false, "the environment variable " + name + " is not set; it counts as empty");
  }

  private Content file(Environment environment) throws UnusableException {
    try {
      return Content.of(environment.file(rest));
    } catch (IOException e) {
      throw unreadable(reason(e));
    }
  }

  /// Without the name, which leads already.
  private String reason(Exception cause) {
    var text = Why.of(cause);
    return text.startsWith(label() + ": ") ? text.substring(label().length() + 2) : text;
  }

  private Content fetched(Environment environment) throws UnusableException {
    try {
      return Content.of(environment.fetch(URI.create(this.toString())));
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(reason(e));
    }
  }

  private UnusableException unreadable(String why) {
    return new UnusableException("cannot read " + label() + ": " + why);
  }

  @Override
  public String toString() {
    return scheme + ":" + rest;
  }
}
