package io.sluice.component;

/// Where [Checked] reports. `key` is the YAML key in the record that is being checked (`a::b` for a
/// deeper one), empty for the record as a whole; the binder adds file, line and path.
public interface Findings {
  /// What was found and what is expected: `0 (expected: more than 0)`.
  void error(String key, String what);

  /// Legal, but loses data or does not do what one might think.
  void warning(String key, String what);

  default void require(boolean holds, String key, String what) {
    if (!holds) {
      error(key, what);
    }
  }
}
