package io.sluice.transport.auth;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// What a header may be, so that nobody writes a second one into the value of the first.
public final class HeaderRules {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}");

  private static final Pattern GRPC_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,256}");

  /// What says how a message is carried. Nobody else may.
  private static final Set<String> CARRIAGE =
      Set.of(
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /// Headers that prove who somebody is, by lower-case name: receivers never keep them, as what is kept may end on
  /// disk.
  public static final Set<String> PROOFS =
      Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

  private HeaderRules() {}

  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /// Whether its value is for users to choose.
  public static boolean isFree(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    return !CARRIAGE.contains(lower) && !lower.startsWith("grpc-") && !lower.endsWith("-bin");
  }

  /// Whether gRPC takes it as the name of a text.
  public static boolean isGrpcName(String text) {
    return GRPC_NAME.matcher(text).matches() && !text.toLowerCase(Locale.ROOT).endsWith("-bin");
  }

  /// Printable ASCII: what HTTP and gRPC carry as it is.
  public static boolean isValue(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }
}
