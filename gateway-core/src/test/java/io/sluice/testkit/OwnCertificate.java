package io.sluice.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A certificate that nobody has signed but itself, made by the JDK's tool.
///
/// @param pem to be trusted
public record OwnCertificate(Path pem, SSLContext context) {
  private static final String PASSWORD = "secret";
  private static final String ALIAS = "own";

  /// @param name what it is for, as in `ip:127.0.0.1`
  public static OwnCertificate of(Path folder, String name) throws Exception {
    var file = folder.resolve("store");
    keytool(
        "-genkeypair -keyalg EC -dname CN=own -storetype PKCS12 -validity 2 -alias " + ALIAS,
        List.of("-ext", "san=" + name, "-keystore", file.toString(), "-storepass", PASSWORD));
    var store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    var text =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(store.getCertificate(ALIAS).getEncoded());
    var pem =
        Files.writeString(
            folder.resolve("own.pem"),
            "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n");
    return new OwnCertificate(pem, context(store));
  }

  private static void keytool(String words, List<String> more) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(words.split(" ")));
    command.addAll(more);
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
  }

  private static SSLContext context(KeyStore store) throws GeneralSecurityException {
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
