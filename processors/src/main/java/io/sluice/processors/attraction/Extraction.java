package io.sluice.processors.attraction;

import com.google.re2j.Pattern;
import io.sluice.data.AnyValue;
import io.sluice.data.AttributeTable;
import io.sluice.data.Batch;
import io.sluice.wire.Bytes;

/// `extract`: sets one attribute for each named group of a pattern that is found in a text.
final class Extraction {
  private final Bytes key;
  private final Pattern pattern;

  /// The group's name by its number - 1.
  private final Bytes[] names;

  Extraction(Bytes key, Pattern pattern) {
    this.key = key;
    this.pattern = pattern;
    names = new Bytes[pattern.groupCount()];
    pattern.namedGroups().forEach((name, number) -> names[number - 1] = Bytes.utf8(name));
  }

  void run(AttributeTable attributes, Batch batch) {
    int at = attributes.find(key);
    if (at < 0 || !(AnyValue.decode(attributes.value(at)) instanceof AnyValue.Text(var text))) {
      return;
    }
    var matcher = pattern.matcher(text);
    if (!matcher.find()) {
      return;
    }
    for (int i = 0; i < names.length; i++) {
      var found = matcher.group(i + 1);
      attributes.put(names[i], new AnyValue.Text(found == null ? "" : found).encode());
    }
  }
}
