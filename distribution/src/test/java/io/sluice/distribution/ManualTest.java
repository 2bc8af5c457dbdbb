package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.component.Kind;
import io.sluice.config.Manual;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The reference manual is written from the configuration records; `-Dgolden.update` writes it.
class ManualTest {
  private static final Path ROOT = Path.of("..");

  @ParameterizedTest
  @EnumSource(Kind.class)
  void isWhatTheRecordsSay(Kind kind) throws IOException {
    var text = Manual.of(Components.all()).getOrDefault(kind, "");
    var page = ROOT.resolve(kind.section()).resolve("README.md");
    if (System.getProperty("golden.update") != null) {
      Files.writeString(page, text);
    }

    assertThat(page).as("run with -Dgolden.update").hasContent(text);
  }
}
