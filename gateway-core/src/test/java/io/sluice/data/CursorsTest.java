package io.sluice.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.sluice.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Cursors read what the generated classes read.
final class CursorsTest {
  private static final int CASES = 200;

  @Test
  void readSpans() throws Exception {
    for (int seed = 0; seed < CASES; seed++) {
      var batch = SplitTest.batch(Signal.TRACES, seed);
      var found = new ArrayList<String>();
      var expected = new ArrayList<String>();
      var resources = new ResourceCursor().over(batch.otlp());
      while (resources.next()) {
        found.add(resources.schemaUrl() + resources.resource().length());
        keys(resources.attributes(), found);
        var scopes = resources.scopes();
        while (scopes.next()) {
          found.add(scopes.name() + scopes.version() + scopes.schemaUrl());
          keys(scopes.attributes(), found);
          var spans = scopes.spans();
          while (spans.next()) {
            found.add(
                spans.name()
                    + spans.kind()
                    + spans.startTime()
                    + spans.endTime()
                    + spans.flags()
                    + spans.statusCode()
                    + spans.statusMessage()
                    + spans.traceState()
                    + List.of(
                        spans.traceId().length(),
                        spans.spanId().length(),
                        spans.parentSpanId().length()));
            keys(spans.attributes(), found);
          }
        }
      }
      for (var resource : Messages.traces(batch.otlp()).getResourceSpansList()) {
        expected.add(resource.getSchemaUrl() + resource.getResource().getSerializedSize());
        keys(resource.getResource().getAttributesList(), expected);
        for (var scope : resource.getScopeSpansList()) {
          expected.add(
              scope.getScope().getName() + scope.getScope().getVersion() + scope.getSchemaUrl());
          keys(scope.getScope().getAttributesList(), expected);
          for (var span : scope.getSpansList()) {
            expected.add(
                span.getName()
                    + span.getKindValue()
                    + span.getStartTimeUnixNano()
                    + span.getEndTimeUnixNano()
                    + span.getFlags()
                    + span.getStatus().getCodeValue()
                    + span.getStatus().getMessage()
                    + span.getTraceState()
                    + List.of(
                        span.getTraceId().size(),
                        span.getSpanId().size(),
                        span.getParentSpanId().size()));
            keys(span.getAttributesList(), expected);
          }
        }
      }
      assertThat(found).as("seed " + seed).isEqualTo(expected);
    }
  }

  @Test
  void readLogs() throws Exception {
    for (int seed = 0; seed < CASES; seed++) {
      var batch = SplitTest.batch(Signal.LOGS, seed);
      var found = new ArrayList<String>();
      var expected = new ArrayList<String>();
      var resources = new ResourceCursor().over(batch.otlp());
      while (resources.next()) {
        var scopes = resources.scopes();
        while (scopes.next()) {
          var logs = scopes.logs();
          while (logs.next()) {
            found.add(
                logs.eventName()
                    + logs.severityNumber()
                    + logs.severityText()
                    + logs.time()
                    + logs.observedTime()
                    + logs.flags()
                    + logs.traceId().length()
                    + logs.spanId().length()
                    + logs.body().length());
            keys(logs.attributes(), found);
          }
        }
      }
      for (var resource : Messages.logs(batch.otlp()).getResourceLogsList()) {
        for (var scope : resource.getScopeLogsList()) {
          for (var log : scope.getLogRecordsList()) {
            expected.add(
                log.getEventName()
                    + log.getSeverityNumberValue()
                    + log.getSeverityText()
                    + log.getTimeUnixNano()
                    + log.getObservedTimeUnixNano()
                    + log.getFlags()
                    + log.getTraceId().size()
                    + log.getSpanId().size()
                    + log.getBody().getSerializedSize());
            keys(log.getAttributesList(), expected);
          }
        }
      }
      assertThat(found).as("seed " + seed).isEqualTo(expected);
    }
  }

  @Test
  void readMetrics() throws Exception {
    for (int seed = 0; seed < CASES; seed++) {
      var batch = SplitTest.batch(Signal.METRICS, seed);
      var found = new ArrayList<String>();
      var expected = new ArrayList<String>();
      var resources = new ResourceCursor().over(batch.otlp());
      while (resources.next()) {
        var scopes = resources.scopes();
        while (scopes.next()) {
          var metrics = scopes.metrics();
          while (metrics.next()) {
            found.add(
                metrics.name() + metrics.description() + metrics.unit() + metrics.monotonic());
            keys(metrics.metadata(), found);
            var points = metrics.points();
            while (points.next()) {
              found.add("" + points.time() + points.startTime() + points.flags());
              keys(points.attributes(), found);
              switch (metrics.kind()) {
                case GAUGE, SUM ->
                    found.add(points.isInt() ? "" + points.intValue() : "" + points.decimalValue());
                case HISTOGRAM, EXPONENTIAL_HISTOGRAM, SUMMARY ->
                    found.add(points.count() + " " + points.sum());
                case EMPTY -> {}
              }
            }
          }
        }
      }
      for (var resource : Messages.metrics(batch.otlp()).getResourceMetricsList()) {
        for (var scope : resource.getScopeMetricsList()) {
          for (var metric : scope.getMetricsList()) {
            expected.add(
                metric.getName()
                    + metric.getDescription()
                    + metric.getUnit()
                    + metric.getSum().getIsMonotonic());
            keys(metric.getMetadataList(), expected);
            var numbers = new ArrayList<>(metric.getGauge().getDataPointsList());
            numbers.addAll(metric.getSum().getDataPointsList());
            for (var point : numbers) {
              expected.add(
                  "" + point.getTimeUnixNano() + point.getStartTimeUnixNano() + point.getFlags());
              keys(point.getAttributesList(), expected);
              expected.add(point.hasAsInt() ? "" + point.getAsInt() : "" + point.getAsDouble());
            }
            for (var point : metric.getHistogram().getDataPointsList()) {
              expected.add(
                  "" + point.getTimeUnixNano() + point.getStartTimeUnixNano() + point.getFlags());
              keys(point.getAttributesList(), expected);
              expected.add(point.getCount() + " " + point.getSum());
            }
            for (var point : metric.getExponentialHistogram().getDataPointsList()) {
              expected.add(
                  "" + point.getTimeUnixNano() + point.getStartTimeUnixNano() + point.getFlags());
              keys(point.getAttributesList(), expected);
              expected.add(point.getCount() + " " + point.getSum());
            }
            for (var point : metric.getSummary().getDataPointsList()) {
              expected.add(
                  "" + point.getTimeUnixNano() + point.getStartTimeUnixNano() + point.getFlags());
              keys(point.getAttributesList(), expected);
              expected.add(point.getCount() + " " + point.getSum());
            }
          }
        }
      }
      assertThat(found).as("seed " + seed).isEqualTo(expected);
    }
  }

  private static void keys(Attributes attributes, List<String> found) {
    while (attributes.next()) {
      var value = AnyValue.decode(attributes.value());
      assertThat(AnyValue.decode(value.encode()).toString()).isEqualTo(value.toString());
      found.add(attributes.key().utf8() + "=" + value.encode().length());
    }
  }

  private static void keys(List<KeyValue> attributes, List<String> expected) throws Exception {
    for (var attribute : attributes) {
      var bytes = Bytes.wrap(attribute.getValue().toByteArray());
      var encoded = AnyValue.decode(bytes).encode();
      assertThat(withoutStrindex(encoded)).isEqualTo(withoutStrindex(bytes));
      expected.add(attribute.getKey() + "=" + encoded.length());
    }
  }

  /// AnyValue holds no key_strindex, which only profiles use.
  private static Object withoutStrindex(Bytes value) throws Exception {
    var builder = io.opentelemetry.proto.common.v1.AnyValue.parseFrom(value.toArray()).toBuilder();
    for (var pair : builder.getKvlistValueBuilder().getValuesBuilderList()) {
      pair.clear();
    }
    if (builder.hasKvlistValue() || builder.hasArrayValue()) {
      return builder.getValueCase();
    }
    return builder.build();
  }

  @Test
  void aReferenceHasNoTextOfItsOwn() {
    var reference = new AnyValue.Reference(3);
    var pairs = new AnyValue.Pairs(List.of(new AnyValue.Pair("a", reference)));

    assertThat(reference.text()).isEmpty();
    assertThat(pairs.text()).isEqualTo("{\"a\":null}");
  }
}
