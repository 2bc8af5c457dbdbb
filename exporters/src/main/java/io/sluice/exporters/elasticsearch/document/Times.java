package io.sluice.exporters.elasticsearch.document;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Times as documents have them. On the wire they are nanoseconds since the epoch, unsigned.
final class Times {
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Times() {}

  /// Milliseconds with a fraction, `1705314600000.000123`, which a field of type date or date_nanos reads as
  /// epoch_millis.
  static String millis(long ns) {
    long ms = Long.divideUnsigned(ns, 1_000_000);
    long rest = Long.remainderUnsigned(ns, 1_000_000);
    return rest == 0 ? ms + ".0" : ms + "." + Long.toString(1_000_000 + rest).substring(1);
  }

  static long wholeMillis(long ns) {
    return Long.divideUnsigned(ns, 1_000_000);
  }

  static String iso(long ns) {
    return ISO.format(
        Instant.ofEpochSecond(
            Long.divideUnsigned(ns, 1_000_000_000), Long.remainderUnsigned(ns, 1_000_000_000)));
  }

  static long ns(Instant time) {
    return time.getEpochSecond() * 1_000_000_000 + time.getNano();
  }
}
