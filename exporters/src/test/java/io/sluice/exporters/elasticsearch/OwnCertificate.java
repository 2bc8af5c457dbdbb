package io.sluice.exporters.elasticsearch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A certificate that nobody has signed but itself, made by the JDK's tool.
///
/// @param pem to be trusted
record OwnCertificate(Path pem, SSLContext context) {
  private static final String PASSWORD = "secret";

  /// @param name what it is for, as in `ip:127.0.0.1`
  static OwnCertificate of(Path folder, String name) throws Exception {
    var store = folder.resolve("store");
    var pem = folder.resolve("own.pem");
    keytool(
        store,
        "-genkeypair -keyalg EC -alias own -dname CN=own -storetype PKCS12 -validity 2 -ext",
        "san=" + name);
    keytool(store, "-exportcert -rfc -alias own -file", pem.toString());
    return new OwnCertificate(pem, context(store));
  }

  private static void keytool(Path store, String words, String last) throws Exception {
    var command = new java.util.ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(words.split(" ")));
    command.addAll(List.of(last, "-keystore", store.toString(), "-storepass", PASSWORD));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
  }

  private static SSLContext context(Path store) throws IOException, GeneralSecurityException {
    var keys = KeyStore.getInstance("PKCS12");
    try (var stream = Files.newInputStream(store)) {
      keys.load(stream, PASSWORD.toCharArray());
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
