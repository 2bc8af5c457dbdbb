package io.sluice.transport.tls;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.component.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MissingFileTest {
  @TempDir private Path folder;

  private static TlsConfig files(Path ca, Path cert, Path key) {
    var defaults = TlsConfig.defaults();
    return new TlsConfig(
        ca.toString(),
        new Secret(""),
        false,
        cert.toString(),
        new Secret(""),
        key.toString(),
        new Secret(""),
        defaults.minVersion(),
        "",
        List.of(),
        false,
        List.of(),
        Duration.ZERO,
        Optional.empty());
  }

  @Test
  void saysWhichKeyNamesAFileThatIsNotThere() throws IOException {
    var missing = folder.resolve("missing.pem");
    var empty = Files.createFile(folder.resolve("empty.pem"));
    var clock = InstantSource.system();

    assertThatThrownBy(() -> new OwnKeys(files(missing, missing, missing), clock))
        .hasMessage("tls::cert_file: " + missing + ": no such file or directory");
    assertThatThrownBy(() -> new OwnKeys(files(missing, empty, missing), clock))
        .hasMessage("tls::cert_file: no certificate in PEM found");
    assertThatThrownBy(() -> Trust.ofServers(files(missing, missing, missing)))
        .hasMessage("tls::ca_file: " + missing + ": no such file or directory");
    assertThatThrownBy(() -> Trust.ofServers(files(empty, missing, missing)))
        .hasMessage("tls::ca_file: " + empty + ": no certificate in PEM found");
  }
}
