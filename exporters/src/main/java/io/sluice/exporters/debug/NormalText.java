package io.sluice.exporters.debug;

import io.sluice.data.AnyValue;
import io.sluice.data.Attributes;
import io.sluice.data.Batch;
import io.sluice.data.Fields;
import io.sluice.data.GoNumber;
import io.sluice.data.MetricCursor;
import io.sluice.data.PointCursor;
import io.sluice.data.ResourceCursor;
import io.sluice.data.ScopeCursor;
import java.util.ArrayList;
import java.util.List;

/// `verbosity: normal`: one line a resource, scope and item.
final class NormalText {
  private final StringBuilder text = new StringBuilder();

  String of(Batch batch) {
    var name =
        switch (batch.signal()) {
          case TRACES -> "Traces";
          case METRICS -> "Metrics";
          case LOGS -> "Log";
          case PROFILES -> "Profiles";
        };
    var resources = new ResourceCursor().over(batch.otlp());
    for (int i = 0; resources.next(); i++) {
      text.append("Resource").append(name).append(" #").append(i);
      if (!resources.schemaUrl().isEmpty()) {
        text.append(" [").append(resources.schemaUrl()).append(']');
      }
      attributes(resources.attributes());
      text.append('\n');
      var scopes = resources.scopes();
      for (int j = 0; scopes.next(); j++) {
        text.append("Scope").append(name).append(" #").append(j);
        scope(scopes);
        items(batch, scopes);
      }
    }
    return text.toString();
  }

  private void scope(ScopeCursor scope) {
    var words = new ArrayList<String>();
    var version = scope.version().isEmpty() ? "" : "@" + scope.version();
    if (!(scope.name() + version).isEmpty()) {
      words.add(scope.name() + version);
    }
    if (!scope.schemaUrl().isEmpty()) {
      words.add("[" + scope.schemaUrl() + "]");
    }
    words.forEach(word -> text.append(' ').append(word));
    attributes(scope.attributes());
    text.append('\n');
  }

  private void items(Batch batch, ScopeCursor scope) {
    switch (batch.signal()) {
      case TRACES -> spans(scope);
      case LOGS -> logs(scope);
      case METRICS -> metrics(scope);
      case PROFILES -> profiles(scope);
    }
  }

  private void spans(ScopeCursor scope) {
    var spans = scope.spans();
    while (spans.next()) {
      text.append(spans.name());
      text.append(' ').append(GoText.id(spans.traceId()));
      text.append(' ').append(GoText.id(spans.spanId()));
      attributes(spans.attributes());
      text.append('\n');
    }
  }

  /// Without attributes, which are in the dictionary.
  private void profiles(ScopeCursor scope) {
    for (var message : scope.records()) {
      var profile = Fields.of(message);
      text.append(GoText.id(profile.bytes(7))).append(" samples=").append(profile.count(2));
      text.append('\n');
    }
  }

  private void logs(ScopeCursor scope) {
    var logs = scope.logs();
    while (logs.next()) {
      text.append(AnyValue.decode(logs.body()).text()).append(' ');
      text.append(String.join(" ", words(logs.attributes()))).append('\n');
    }
  }

  private void metrics(ScopeCursor scope) {
    var metrics = scope.metrics();
    while (metrics.next()) {
      var points = metrics.points();
      while (points.next()) {
        text.append(metrics.name()).append('{');
        text.append(String.join(",", words(points.attributes()))).append("} ");
        point(metrics.kind(), points);
        text.append('\n');
      }
    }
  }

  private void point(MetricCursor.Kind kind, PointCursor point) {
    var fields = Fields.of(point.point());
    switch (kind) {
      case GAUGE, SUM -> {
        if (point.isInt()) {
          text.append(point.intValue());
        } else if (fields.has(4)) {
          text.append(GoNumber.general(point.decimalValue()));
        }
      }
      case HISTOGRAM -> histogram(fields);
      case EXPONENTIAL_HISTOGRAM -> exponential(fields);
      case SUMMARY -> summary(fields);
      case EMPTY -> {}
    }
  }

  private void histogram(Fields point) {
    summary(point, 11, 12);
    long[] bounds = point.allFixed64(7);
    long[] counts = point.allFixed64(6);
    for (int i = 0; i < counts.length; i++) {
      text.append(' ');
      if (i < bounds.length) {
        text.append("le").append(GoNumber.general(Double.longBitsToDouble(bounds[i]))).append('=');
      }
      text.append(Long.toUnsignedString(counts[i]));
    }
  }

  private void exponential(Fields point) {
    summary(point, 12, 13);
    var buckets = new ExponentialBuckets(point);
    for (int i = buckets.negative().length - 1; i >= 0; i--) {
      bucket(-buckets.negativeLower(i), buckets.negative()[i]);
    }
    if (point.fixed64(7) != 0) {
      text.append(" zero=").append(Long.toUnsignedString(point.fixed64(7)));
    }
    for (int i = 0; i < buckets.positive().length; i++) {
      bucket(buckets.positiveUpper(i), buckets.positive()[i]);
    }
  }

  private void bucket(double bound, long count) {
    text.append(" le").append(GoNumber.general(bound)).append('=');
    text.append(Long.toUnsignedString(count));
  }

  private void summary(Fields point, int min, int max) {
    text.append("count=").append(Long.toUnsignedString(point.fixed64(4)));
    optional(point, 5, " sum=");
    optional(point, min, " min=");
    optional(point, max, " max=");
  }

  private void optional(Fields point, int field, String name) {
    if (point.has(field)) {
      text.append(name).append(GoNumber.general(point.decimal(field)));
    }
  }

  private void summary(Fields point) {
    text.append("count=").append(Long.toUnsignedString(point.fixed64(4)));
    text.append(" sum=").append(GoNumber.fixed(point.decimal(5)));
    for (var quantile : point.all(6)) {
      var fields = Fields.of(quantile);
      text.append(" q").append(GoNumber.general(fields.decimal(1)));
      text.append('=').append(GoNumber.general(fields.decimal(2)));
    }
  }

  private void attributes(Attributes attributes) {
    words(attributes).forEach(word -> text.append(' ').append(word));
  }

  private static List<String> words(Attributes attributes) {
    var words = new ArrayList<String>();
    while (attributes.next()) {
      words.add(attributes.key().utf8() + "=" + AnyValue.decode(attributes.value()).text());
    }
    return words;
  }
}
