package io.sluice.extensions.admin;

import io.sluice.disk.Store;
import io.sluice.telemetry.Log;
import io.sluice.telemetry.Why;
import io.sluice.wire.Bytes;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Says in a storage's directory where the admin port is and what its token is: two files of mode 0600.
/// If the directory takes none, a file in the temp directory has the token.
public final class Notice {
  /// JSON: `endpoint`, `storage`, `pid`.
  public static final String FILE = "admin.json";

  public static final String TOKEN_FILE = "admin-token";

  private final Store store;
  private final String token;
  private final Log log;
  private final Bytes secret;
  private final Bytes place;
  private final AtomicReference<@Nullable Path> elsewhere = new AtomicReference<>();

  Notice(String storage, Store store, InetSocketAddress at, String token, Log log) {
    this.store = store;
    this.token = token;
    this.log = log;
    secret = Bytes.utf8(token + "\n");
    var body =
        new JsonObject()
            .put("endpoint", url(at))
            .put("storage", storage)
            .put("pid", ProcessHandle.current().pid());
    place = Bytes.utf8(body.encode() + "\n");
    store
        .note(TOKEN_FILE, secret)
        .compose(_ -> store.note(FILE, place))
        .onFailure(this::leaveElsewhere);
  }

  private static String url(InetSocketAddress at) {
    var host = at.getAddress().getHostAddress();
    return "http://"
        + (at.getAddress() instanceof Inet6Address ? "[" + host.replaceAll("%.*", "") + "]" : host)
        + ":"
        + at.getPort();
  }

  private void leaveElsewhere(Throwable cause) {
    try {
      var file =
          Files.createTempFile(
              "sluice-admin-",
              ".token",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, token + "\n");
      elsewhere.set(file);
      log.warn(
          "The admin port's token cannot be kept beside the queues",
          "error",
          Why.of(cause),
          "token_file",
          file);
    } catch (IOException e) {
      log.warn("The admin port's token cannot be kept anywhere", "error", Why.of(e));
    }
  }

  void withdraw() {
    store.eraseNote(FILE, place);
    store.eraseNote(TOKEN_FILE, secret);
    var file = elsewhere.getAndSet(null);
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException _) { // the token is of no use any more
      }
    }
  }
}
