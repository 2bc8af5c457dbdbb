package io.sluice.distribution;

import io.sluice.component.ComponentFactory;
import io.sluice.config.ConfigContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// For each component in the binary there is a file here that sets every key it has to something other
/// than its default. Documents of a file are bodies of their own.
class ConfigurationsTest {
  static Stream<ComponentFactory<?>> components() {
    return Components.all().factories().stream();
  }

  @ParameterizedTest
  @MethodSource("components")
  void everyKeyIsMapped(ComponentFactory<?> factory) throws IOException {
    var name = "contract/" + factory.kind() + "." + factory.type() + ".yaml";
    try (var stream = ConfigurationsTest.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new AssertionError(name + " is missing: a body with every key of the component");
      }
      var text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      ConfigContract.check(factory, text.split("(?m)^---\n"));
    }
  }
}
