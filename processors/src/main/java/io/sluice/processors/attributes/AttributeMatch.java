package io.sluice.processors.attributes;

import io.sluice.data.AnyValue;
import io.sluice.data.Attributes;
import io.sluice.data.GoNumber;
import io.sluice.wire.Bytes;
import java.util.List;
import java.util.Optional;

/// Whether an attribute is there and has the value asked for. Types count: 1 is not "1" unless a
/// pattern is asked for, which looks at any scalar as text.
record AttributeMatch(Bytes key, Optional<AnyValue> equal, Optional<TextMatch> pattern) {
  static List<AttributeMatch> of(List<MatchConfig.AttributeConfig> matchers, boolean regexp) {
    return matchers.stream().map(matcher -> of(matcher, regexp)).toList();
  }

  private static AttributeMatch of(MatchConfig.AttributeConfig matcher, boolean regexp) {
    var key = Bytes.utf8(matcher.key());
    if (regexp) {
      var pattern = matcher.value().map(text -> TextMatch.of(List.of(text.toString()), true));
      return new AttributeMatch(key, Optional.empty(), pattern);
    }
    return new AttributeMatch(key, matcher.value().map(AnyValue::of), Optional.empty());
  }

  static boolean all(List<AttributeMatch> matchers, Bytes message, int field) {
    for (var matcher : matchers) {
      if (!matcher.matches(Attributes.in(message, field))) {
        return false;
      }
    }
    return true;
  }

  private boolean matches(Attributes attributes) {
    if (!attributes.find(key)) {
      return false;
    }
    if (equal.isPresent()) {
      return AnyValue.decode(attributes.value()).equals(equal.get());
    }
    return pattern.isEmpty()
        || text(AnyValue.decode(attributes.value())).filter(pattern.get()::matches).isPresent();
  }

  private static Optional<String> text(AnyValue value) {
    return switch (value) {
      case AnyValue.Text(var text) -> Optional.of(text);
      case AnyValue.Bool(var bool) -> Optional.of(Boolean.toString(bool));
      case AnyValue.Int(var number) -> Optional.of(Long.toString(number));
      case AnyValue.Decimal(var number) ->
          Optional.of(Double.isFinite(number) ? GoNumber.plain(number) : GoNumber.general(number));
      default -> Optional.empty();
    };
  }
}
