package io.sluice.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.opentest4j.TestAbortedException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/// A server in a container on the host's network: it has the ports and the folder that a program would have,
/// so that tests need not know. Linux only, as that network is.
final class Container implements Program {
  private final GenericContainer<?> container;

  private Container(GenericContainer<?> container) {
    this.container = container;
  }

  /// Returns when it runs. Skips the test where there is no Docker.
  ///
  /// @param folder that it finds under the same name, and may write to
  static Container start(
      String image, Path folder, Map<String, String> environment, List<String> arguments) {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new TestAbortedException(image + ": there is no Docker here");
    }
    open(folder);
    var container =
        new GenericContainer<>(DockerImageName.parse(image))
            .withNetworkMode("host")
            .withFileSystemBind(folder.toString(), folder.toString(), BindMode.READ_WRITE)
            .withEnv(environment)
            .withCommand(arguments.toArray(String[]::new));
    container.start();
    return new Container(container);
  }

  /// Images have users of their own.
  private static void open(Path folder) {
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String log() {
    return container.getLogs();
  }

  @Override
  public boolean alive() {
    return container.isRunning();
  }

  @Override
  public void kill() {
    if (alive()) { // Docker objects to killing what has ended
      container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
    }
  }
}
