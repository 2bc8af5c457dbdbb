package io.sluice.exporters.debug;

import io.sluice.data.AnyValue;
import io.sluice.wire.Bytes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;

/// Values as the Collector's debug exporter spells them.
final class GoText {
  private static final List<String> KINDS =
      List.of("Unspecified", "Internal", "Server", "Client", "Producer", "Consumer");
  private static final List<String> STATUS = List.of("Unset", "Ok", "Error");
  private static final List<String> TEMPORALITY = List.of("Unspecified", "Delta", "Cumulative");
  private static final List<String> SEVERITY =
      List.of("Trace", "Debug", "Info", "Warn", "Error", "Fatal");
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final long SECOND_NS = 1_000_000_000L;

  private GoText() {}

  /// Hex; nothing for an id of zeros.
  static String id(Bytes id) {
    for (int i = 0; i < id.length(); i++) {
      if (id.at(i) != 0) {
        return HexFormat.of().formatHex(id.toArray());
      }
    }
    return "";
  }

  /// `2018-12-13 14:51:00.5 +0000 UTC`.
  static String time(long unixNano) {
    long nano = Math.floorMod(unixNano, SECOND_NS);
    var seconds = SECONDS.format(Instant.ofEpochSecond(Math.floorDiv(unixNano, SECOND_NS)));
    var fraction = nano == 0 ? "" : ("." + String.format("%09d", nano)).replaceAll("0+$", "");
    return seconds + fraction + " +0000 UTC";
  }

  static String kind(int kind) {
    return word(KINDS, kind);
  }

  static String status(int code) {
    return word(STATUS, code);
  }

  static String temporality(int temporality) {
    return word(TEMPORALITY, temporality);
  }

  static String severity(int number) {
    if (number == 0) {
      return "Unspecified";
    }
    int step = (number - 1) % 4;
    var word = number > 0 ? word(SEVERITY, (number - 1) / 4) : "";
    return word.isEmpty() || step == 0 ? word : word + (step + 1);
  }

  /// `Str(text)`.
  static String value(Bytes message) {
    var value = AnyValue.decode(message);
    var type =
        switch (value) {
          case AnyValue.Empty _, AnyValue.Reference _ -> "Empty";
          case AnyValue.Text _ -> "Str";
          case AnyValue.Bool _ -> "Bool";
          case AnyValue.Int _ -> "Int";
          case AnyValue.Decimal _ -> "Double";
          case AnyValue.Blob _ -> "Bytes";
          case AnyValue.Array _ -> "Slice";
          case AnyValue.Pairs _ -> "Map";
        };
    return type + "(" + value.text() + ")";
  }

  private static String word(List<String> words, int index) {
    return index >= 0 && index < words.size() ? words.get(index) : "";
  }
}
