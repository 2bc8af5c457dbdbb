package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// House style as a test. Rules that the formatter and the compiler do not know.
class TidyTest {
  private static final Path ROOT = Path.of("..");
  private static final int FILE_LINES_MAX = 500;
  private static final List<String> BANNED_NAMES =
      List.of("Manager", "Helper", "Util", "Utils", "Impl", "Abstract", "Base");
  private static final Pattern BANNED_CALLS =
      Pattern.compile(
          "Thread\\.sleep|System\\.currentTimeMillis|Instant\\.now\\(\\)|printStackTrace");

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(path -> path.toString().contains("/src/main/java/"))
          .filter(path -> !path.toString().contains("/benchmarks/"))
          .filter(path -> path.toString().endsWith(".java"))
          .toList();
    }
  }

  @Test
  void aFileHoldsOneIdea() throws IOException {
    for (var source : sources()) {
      assertThat(Files.readAllLines(source)).as(source.toString()).hasSizeLessThan(FILE_LINES_MAX);
    }
  }

  @Test
  void namesAreNounsOneCanSay() throws IOException {
    for (var source : sources()) {
      var name = source.getFileName().toString().replace(".java", "");
      assertThat(BANNED_NAMES)
          .as(source.toString())
          .noneMatch(banned -> name.endsWith(banned) || name.startsWith("Abstract"));
    }
  }

  @Test
  void timeComesFromOutside() throws IOException {
    for (var source : sources()) {
      assertThat(Files.readString(source))
          .as(source.toString())
          .doesNotContainPattern(BANNED_CALLS);
    }
  }

  @Test
  void everyPackageSaysWhatItIs() throws IOException {
    for (var source : sources()) {
      assertThat(source.resolveSibling("package-info.java")).exists();
    }
  }
}
