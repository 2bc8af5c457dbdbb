package io.sluice.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.opentest4j.TestAbortedException;

/// Programs of others. One that cannot be had here skips the test that needs it, unless
/// `-Dit.require=NAME,NAME` (or `all`) says it has to be there.
public final class Peers {
  private static final int EXIT_NO_TOOL = 3;
  private static final Map<String, Path> FOUND = new ConcurrentHashMap<>();

  private Peers() {}

  /// The folder of the module, also when the tests are started from the root of the tree.
  public static Path module() {
    var here = Path.of("").toAbsolutePath();
    return here.endsWith("distribution") ? here : here.resolve("distribution");
  }

  /// Path of the program or folder, got at the first call.
  public static Path path(String name) {
    return FOUND.computeIfAbsent(name, Peers::install);
  }

  /// Tools of the machine, and `root` for its rights: absent, they skip the test as a peer does.
  public static void tools(String... names) {
    for (var name : names) {
      boolean there =
          name.equals("root")
              ? System.getProperty("user.name").equals("root")
              : Arrays.stream(System.getenv("PATH").split(":"))
                  .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
      if (!there) {
        absent(name, EXIT_NO_TOOL);
      }
    }
  }

  private static Path install(String name) {
    try {
      var installer =
          new ProcessBuilder(module().resolve("src/test/peers/install").toString(), name)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      var lines = new String(installer.getInputStream().readAllBytes(), Programs.UTF_8).lines();
      int status = installer.waitFor();
      if (status != 0) {
        absent(name, status);
      }
      return Path.of(lines.reduce((_, last) -> last).orElseThrow());
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(name, e);
    }
  }

  private static void absent(String name, int status) {
    var says = name + " cannot be had here: its installer ended with " + status;
    if (required(name) || status != EXIT_NO_TOOL) {
      throw new IllegalStateException(says);
    }
    throw new TestAbortedException(says);
  }

  private static boolean required(String name) {
    List<String> required = Arrays.asList(System.getProperty("it.require", "").split(","));
    return required.contains(name) || required.contains("all");
  }
}
