package io.sluice.processors.attributes;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Set;

/// Whether a text is one of a list, or one of a list of patterns is found in it.
@FunctionalInterface
interface TextMatch {
  boolean matches(String text);

  static TextMatch of(List<String> texts, boolean regexp) {
    if (!regexp) {
      return Set.copyOf(texts)::contains;
    }
    var patterns = texts.stream().map(Pattern::compile).toList();
    return text -> patterns.stream().anyMatch(pattern -> pattern.matcher(text).find());
  }
}
