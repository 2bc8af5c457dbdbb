package io.sluice.config;

/// One thing that is wrong, or that deserves a warning.
///
/// @param path keys joined by `::`, empty for the configuration as a whole
/// @param what what was found and, in parentheses, what is expected
public record Problem(Place place, String path, String what) {
  @Override
  public String toString() {
    return path.isEmpty() ? place + ": " + what : place + ": " + path + ": " + what;
  }
}
