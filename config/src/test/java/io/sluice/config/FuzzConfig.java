package io.sluice.config;

/// Any text is a configuration or an [InvalidConfigException] with at least one problem.
final class FuzzConfig {
  private FuzzConfig() {}

  static void loads(String text, String about) {
    var world =
        new World().variable("X", "{a: ${env:X}}").file("gateway.yaml", text).variable("Y", "[1");
    try {
      var loaded = world.load("gateway.yaml");
      PrintedConfig.of(loaded, PrintedConfig.Format.YAML, PrintedConfig.Mode.REDACTED);
    } catch (InvalidConfigException e) {
      if (e.problems().isEmpty()) {
        throw new AssertionError(about + ": refused without a reason: " + text, e);
      }
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(about + ": " + text, e);
    }
  }
}
