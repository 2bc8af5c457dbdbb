package io.sluice.telemetry;

import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Turns an exception into words for people who read no Java: what the operating system said, once,
/// with the file or address it said it of. Many exceptions name only one of the two.
public final class Why {
  /// Netty's native transports: `finishConnect(..) failed with error(-111): Connection refused: a/1.2.3.4:5`.
  private static final Pattern SYSTEM_CALL =
      Pattern.compile("^\\w+\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: ");

  private static final Pattern CONNECTION =
      Pattern.compile("^(Connection [a-z ]+|No route to host|Network is unreachable)(: .*)?$");

  /// `name/1.2.3.4:80`, the name possibly empty; `name/<unresolved>:80`.
  private static final Pattern ADDRESS =
      Pattern.compile("(?<=[ :]|^)([^\\s/]*)/(<unresolved>|[0-9a-fA-F.:%\\[\\]]+?):(\\d+)");

  private static final int CAUSES_MAX = 10;

  private Why() {}

  public static String of(Throwable cause) {
    return switch (cause) {
      case FileSystemException file -> of(file);
      case CompletionException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      case ExecutionException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      case UncheckedIOException wrapped when wrapped.getCause() != null ->
          unchecked(wrapped, wrapped.getCause());
      case UnknownHostException host -> unknown(host);
      case SSLException tls -> handshake(tls);
      default -> text(cause);
    };
  }

  private static String of(FileSystemException cause) {
    @Nullable String known =
        switch (cause) {
          case NoSuchFileException _ -> "no such file or directory";
          case AccessDeniedException _ -> "permission denied";
          case FileAlreadyExistsException _ -> "file exists";
          case NotDirectoryException _ -> "not a directory";
          case DirectoryNotEmptyException _ -> "directory not empty";
          case FileSystemLoopException _ -> "too many levels of symbolic links";
          default -> cause.getReason();
        };
    var reason = known == null ? "input/output error" : lowered(known);
    return cause.getFile() == null ? reason : cause.getFile() + ": " + reason;
  }

  private static String unchecked(UncheckedIOException wrapped, Throwable inner) {
    var own = String.valueOf(wrapped.getMessage());
    return own.equals(inner.toString()) ? of(inner) : own + ": " + of(inner);
  }

  /// What is wrong with a certificate is said by the innermost only.
  private static String handshake(SSLException cause) {
    Throwable inner = cause;
    for (int i = 0; i < CAUSES_MAX && inner.getCause() != null; i++) {
      inner = inner.getCause();
    }
    var own = text(cause);
    var why = text(inner);
    return own.contains(why) ? own : own + ": " + why;
  }

  private static String unknown(UnknownHostException cause) {
    var text = text(cause);
    return text.indexOf(' ') < 0 ? text + ": no such host" : text;
  }

  private static String text(Throwable cause) {
    var text = cause.getMessage();
    if (text == null || text.isBlank()) {
      return cause.getClass().getSimpleName();
    }
    var said = SYSTEM_CALL.matcher(text).replaceFirst("");
    return CONNECTION.matcher(said).matches()
        ? ADDRESS
            .matcher(lowered(said))
            .replaceAll(found -> address(found.group(1), found.group(2), found.group(3)))
        : said;
  }

  private static String address(String name, String number, String port) {
    var host = name.isEmpty() ? number : name;
    return (host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
  }

  private static String lowered(String text) {
    return text.length() > 1 && Character.isLowerCase(text.charAt(1))
        ? text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1)
        : text;
  }
}
