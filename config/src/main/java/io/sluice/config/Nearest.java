package io.sluice.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// The word a user probably meant: fewest single-letter changes, if those are few for its length.
final class Nearest {
  /// Longer words are not compared: the work grows with the square.
  private static final int LENGTH_MAX = 200;

  private Nearest() {}

  static Optional<String> to(String word, Collection<String> known) {
    if (word.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    record Candidate(String word, int distance) {}
    var plain = plain(word);
    int distanceMax = Math.max(1, plain.length() / 3);
    return known.stream()
        .map(each -> new Candidate(each, distance(plain, plain(each))))
        .filter(candidate -> candidate.distance <= distanceMax)
        .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::word))
        .map(Candidate::word);
  }

  /// ` (did you mean 'x'?)`, or what may be written if nothing comes near.
  static String hint(String word, Collection<String> known) {
    return to(word, known)
        .map(near -> " (did you mean '" + near + "'?)")
        .orElseGet(() ->
            known.isEmpty()
                ? " (expected: none)"
                : " (expected: " + String.join(", ", known.stream().sorted().toList()) + ")");
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  /// Insertions, deletions, replacements and swaps of neighbours.
  static int distance(String a, String b) {
    var before = new int[b.length() + 1];
    var last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      var row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      before = last;
      last = row;
    }
    return last[b.length()];
  }
}
