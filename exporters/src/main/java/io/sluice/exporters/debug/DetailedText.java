package io.sluice.exporters.debug;

import static io.sluice.data.GoNumber.fixed;

import io.sluice.data.Attributes;
import io.sluice.data.Batch;
import io.sluice.data.Fields;
import io.sluice.data.MetricCursor;
import io.sluice.data.ResourceCursor;
import io.sluice.data.ScopeCursor;
import io.sluice.wire.Bytes;

/// `verbosity: detailed`: every field, one to a line.
final class DetailedText {
  private static final String INDENT = "     -> ";
  private final StringBuilder text = new StringBuilder();

  String of(Batch batch) {
    var resource =
        switch (batch.signal()) {
          case TRACES -> "ResourceSpans";
          case METRICS -> "ResourceMetrics";
          case LOGS -> "ResourceLog";
          case PROFILES -> throw new IllegalArgumentException("profiles have no detailed text");
        };
    var scope =
        batch.signal() == io.sluice.data.Signal.LOGS
            ? "ScopeLogs"
            : resource.replace("Resource", "Scope");
    var resources = new ResourceCursor().over(batch.otlp());
    for (int i = 0; resources.next(); i++) {
      line(resource + " #" + i);
      line("Resource SchemaURL: " + resources.schemaUrl());
      attributes("Resource attributes", "", resources.attributes());
      entities(Fields.of(resources.resource()));
      var scopes = resources.scopes();
      for (int j = 0; scopes.next(); j++) {
        line(scope + " #" + j);
        line(scope + " SchemaURL: " + scopes.schemaUrl());
        line("InstrumentationScope " + scopes.name() + " " + scopes.version());
        attributes("InstrumentationScope attributes", "", scopes.attributes());
        items(batch, scopes);
      }
    }
    return text.toString();
  }

  private void entities(Fields resource) {
    var entities = resource.all(3);
    if (!entities.isEmpty()) {
      line("Resource entity refs:");
    }
    for (int i = 0; i < entities.size(); i++) {
      var entity = Fields.of(entities.get(i));
      line(INDENT + "Entity ref #" + i + ":");
      line("          -> Type: " + entity.text(2));
      if (!entity.text(1).isEmpty()) {
        line("          -> Schema URL: " + entity.text(1));
      }
      keys("ID", entity, 3);
      keys("Description", entity, 4);
    }
  }

  private void keys(String name, Fields entity, int field) {
    var keys = entity.all(field);
    if (!keys.isEmpty()) {
      line("          -> " + name + " keys:");
      keys.forEach(key -> line("               -> " + key.utf8()));
    }
  }

  private void items(Batch batch, ScopeCursor scopes) {
    switch (batch.signal()) {
      case TRACES -> spans(scopes);
      case LOGS -> logs(scopes);
      case METRICS -> metrics(scopes);
      case PROFILES -> throw new IllegalArgumentException("profiles have no detailed text");
    }
  }

  private void spans(ScopeCursor scopes) {
    var spans = scopes.spans();
    for (int i = 0; spans.next(); i++) {
      var span = Fields.of(spans.span());
      line("Span #" + i);
      entry("Trace ID", GoText.id(spans.traceId()));
      entry("Parent ID", GoText.id(spans.parentSpanId()));
      entry("ID", GoText.id(spans.spanId()));
      entry("Name", spans.name());
      entry("Kind", GoText.kind(spans.kind()));
      if (!spans.traceState().isEmpty()) {
        entry("TraceState", spans.traceState());
      }
      entry("Start time", GoText.time(spans.startTime()));
      entry("End time", GoText.time(spans.endTime()));
      entry("Status code", GoText.status(spans.statusCode()));
      entry("Status message", spans.statusMessage());
      entry("DroppedAttributesCount", unsigned(span, 10));
      entry("DroppedEventsCount", unsigned(span, 12));
      entry("DroppedLinksCount", unsigned(span, 14));
      attributes("Attributes", "", spans.attributes());
      events(span);
      links(span);
    }
  }

  private void events(Fields span) {
    var events = span.all(11);
    if (!events.isEmpty()) {
      line("Events:");
    }
    for (int i = 0; i < events.size(); i++) {
      var event = Fields.of(events.get(i));
      line("SpanEvent #" + i);
      line(INDENT + "Name: " + event.text(2));
      line(INDENT + "Timestamp: " + GoText.time(event.fixed64(1)));
      line(INDENT + "DroppedAttributesCount: " + unsigned(event, 4));
      attributes(INDENT + "Attributes:", "     ", Attributes.in(events.get(i), 3));
    }
  }

  private void links(Fields span) {
    var links = span.all(13);
    if (!links.isEmpty()) {
      line("Links:");
    }
    for (int i = 0; i < links.size(); i++) {
      var link = Fields.of(links.get(i));
      line("SpanLink #" + i);
      line(INDENT + "Trace ID: " + GoText.id(link.bytes(1)));
      line(INDENT + "ID: " + GoText.id(link.bytes(2)));
      line(INDENT + "TraceState: " + link.text(3));
      line(INDENT + "DroppedAttributesCount: " + unsigned(link, 5));
      attributes(INDENT + "Attributes:", "     ", Attributes.in(links.get(i), 4));
    }
  }

  private void logs(ScopeCursor scopes) {
    var logs = scopes.logs();
    for (int i = 0; logs.next(); i++) {
      line("LogRecord #" + i);
      line("ObservedTimestamp: " + GoText.time(logs.observedTime()));
      line("Timestamp: " + GoText.time(logs.time()));
      line("SeverityText: " + logs.severityText());
      int severity = logs.severityNumber();
      line("SeverityNumber: " + GoText.severity(severity) + "(" + severity + ")");
      if (!logs.eventName().isEmpty()) {
        line("EventName: " + logs.eventName());
      }
      line("Body: " + GoText.value(logs.body()));
      attributes("Attributes", "", logs.attributes());
      line("Trace ID: " + GoText.id(logs.traceId()));
      line("Span ID: " + GoText.id(logs.spanId()));
      line("Flags: " + Integer.toUnsignedString(logs.flags()));
    }
  }

  private void metrics(ScopeCursor scopes) {
    var metrics = scopes.metrics();
    for (int i = 0; metrics.next(); i++) {
      line("Metric #" + i);
      line("Descriptor:");
      line(INDENT + "Name: " + metrics.name());
      line(INDENT + "Description: " + metrics.description());
      line(INDENT + "Unit: " + metrics.unit());
      line(INDENT + "DataType: " + type(metrics.kind()));
      attributes(INDENT + "Metadata", "     ", metrics.metadata());
      if (metrics.kind() == MetricCursor.Kind.SUM) {
        line(INDENT + "IsMonotonic: " + metrics.monotonic());
      }
      switch (metrics.kind()) {
        case SUM, HISTOGRAM, EXPONENTIAL_HISTOGRAM ->
            line(INDENT + "AggregationTemporality: " + GoText.temporality(metrics.temporality()));
        case GAUGE, SUMMARY, EMPTY -> {}
      }
      points(metrics);
    }
  }

  private void points(MetricCursor metric) {
    var kind = metric.kind();
    var name =
        kind == MetricCursor.Kind.GAUGE || kind == MetricCursor.Kind.SUM ? "Number" : type(kind);
    var points = metric.points();
    for (int i = 0; points.next(); i++) {
      var point = Fields.of(points.point());
      line(name + "DataPoints #" + i);
      attributes("Data point attributes", "", points.attributes());
      line("StartTimestamp: " + GoText.time(points.startTime()));
      line("Timestamp: " + GoText.time(points.time()));
      switch (kind) {
        case GAUGE, SUM -> number("", point, 6, 4);
        case HISTOGRAM -> histogram(point);
        case EXPONENTIAL_HISTOGRAM -> exponential(point);
        case SUMMARY -> summary(point);
        case EMPTY -> {}
      }
      exemplars(kind, point);
    }
  }

  private void number(String indent, Fields point, int asInt, int asDouble) {
    int holds = point.lastOf(asInt, asDouble);
    if (holds == asInt) {
      line(indent + "Value: " + point.fixed64(asInt));
    } else if (holds == asDouble) {
      line(indent + "Value: " + fixed(point.decimal(asDouble)));
    }
  }

  private void histogram(Fields point) {
    count(point, 11, 12);
    long[] bounds = point.allFixed64(7);
    for (int i = 0; i < bounds.length; i++) {
      line("ExplicitBounds #" + i + ": " + fixed(Double.longBitsToDouble(bounds[i])));
    }
    long[] counts = point.allFixed64(6);
    for (int i = 0; i < counts.length; i++) {
      line("Buckets #" + i + ", Count: " + Long.toUnsignedString(counts[i]));
    }
  }

  private void count(Fields point, int min, int max) {
    line("Count: " + Long.toUnsignedString(point.fixed64(4)));
    optional("Sum", point, 5);
    optional("Min", point, min);
    optional("Max", point, max);
  }

  private void optional(String name, Fields point, int field) {
    if (point.has(field)) {
      line(name + ": " + fixed(point.decimal(field)));
    }
  }

  private void exponential(Fields point) {
    count(point, 12, 13);
    var buckets = new ExponentialBuckets(point);
    for (int i = buckets.negative().length - 1; i >= 0; i--) {
      line(
          "Bucket ["
              + fixed(-buckets.negativeUpper(i))
              + ", "
              + fixed(-buckets.negativeLower(i))
              + "), Count: "
              + Long.toUnsignedString(buckets.negative()[i]));
    }
    if (point.fixed64(7) != 0) {
      line("Bucket [0, 0], Count: " + Long.toUnsignedString(point.fixed64(7)));
    }
    for (int i = 0; i < buckets.positive().length; i++) {
      line(
          "Bucket ("
              + fixed(buckets.positiveLower(i))
              + ", "
              + fixed(buckets.positiveUpper(i))
              + "], Count: "
              + Long.toUnsignedString(buckets.positive()[i]));
    }
  }

  private void summary(Fields point) {
    line("Count: " + Long.toUnsignedString(point.fixed64(4)));
    line("Sum: " + fixed(point.decimal(5)));
    var quantiles = point.all(6);
    for (int i = 0; i < quantiles.size(); i++) {
      var quantile = Fields.of(quantiles.get(i));
      line(
          "QuantileValue #"
              + i
              + ": Quantile "
              + fixed(quantile.decimal(1))
              + ", Value "
              + fixed(quantile.decimal(2)));
    }
  }

  private void exemplars(MetricCursor.Kind kind, Fields point) {
    int field =
        switch (kind) {
          case GAUGE, SUM -> 5;
          case HISTOGRAM -> 8;
          case EXPONENTIAL_HISTOGRAM -> 11;
          case SUMMARY, EMPTY -> 0;
        };
    if (!point.has(field)) {
      return;
    }
    line("Exemplars:");
    int i = 0;
    for (Bytes message : point.all(field)) {
      var exemplar = Fields.of(message);
      line("Exemplar #" + i++);
      line(INDENT + "Trace ID: " + GoText.id(exemplar.bytes(5)));
      line(INDENT + "Span ID: " + GoText.id(exemplar.bytes(4)));
      line(INDENT + "Timestamp: " + GoText.time(exemplar.fixed64(2)));
      number(INDENT, exemplar, 6, 3);
      attributes(INDENT + "FilteredAttributes", "     ", Attributes.in(message, 7));
    }
  }

  private static String type(MetricCursor.Kind kind) {
    return switch (kind) {
      case EMPTY -> "Empty";
      case GAUGE -> "Gauge";
      case SUM -> "Sum";
      case HISTOGRAM -> "Histogram";
      case EXPONENTIAL_HISTOGRAM -> "ExponentialHistogram";
      case SUMMARY -> "Summary";
    };
  }

  private static String unsigned(Fields message, int field) {
    return Integer.toUnsignedString((int) message.varint(field));
  }

  private void attributes(String header, String indent, Attributes attributes) {
    boolean first = true;
    while (attributes.next()) {
      if (first) {
        line(header + ":");
        first = false;
      }
      line(indent + INDENT + attributes.key().utf8() + ": " + GoText.value(attributes.value()));
    }
  }

  private void entry(String name, String value) {
    line("    " + name + " ".repeat(Math.max(0, 15 - name.length())) + ": " + value);
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
