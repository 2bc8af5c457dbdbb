package io.sluice.component;

/// A configuration with rules that types cannot say. All are checked, so that a user hears of
/// everything at once.
public interface Checked {
  void check(Findings findings);
}
