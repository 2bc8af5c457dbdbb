package io.sluice.transport.hostile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Self-signed certificates made by the JDK's keytool, as PEM files.
public final class Certificates {
  private static final String PASSWORD = "changeit";

  private Certificates() {}

  public record Pair(Path cert, Path key) {}

  /// A certificate and its key under these names in the folder.
  public static Pair make(Path folder, String name, String commonName, String host)
      throws IOException, InterruptedException {
    return make(folder, name, commonName, host, "-1H");
  }

  /// One that is valid for a day from then, such as `-9d`.
  public static Pair make(Path folder, String name, String commonName, String host, String from)
      throws IOException, InterruptedException {
    var store = folder.resolve(name + "-" + System.nanoTime() + ".p12");
    run(
        "-genkeypair",
        "-alias",
        "a",
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + commonName,
        "-ext",
        "SAN=" + host,
        "-ext",
        "bc=ca:true",
        "-startdate",
        from,
        "-validity",
        "1",
        "-keystore",
        store.toString(),
        "-storepass",
        PASSWORD);
    try {
      return pair(store, folder, name);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static Pair pair(Path store, Path folder, String name)
      throws IOException, GeneralSecurityException {
    var keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    var cert = folder.resolve(name + ".crt");
    var key = folder.resolve(name + ".key");
    pem(cert, "CERTIFICATE", keys.getCertificate("a").getEncoded());
    pem(key, "PRIVATE KEY", keys.getKey("a", PASSWORD.toCharArray()).getEncoded());
    return new Pair(cert, key);
  }

  private static void pem(Path file, String type, byte[] der) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN "
            + type
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END "
            + type
            + "-----\n");
  }

  private static void run(String... arguments) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
  }
}
