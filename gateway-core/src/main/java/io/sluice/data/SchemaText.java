package io.sluice.data;

/// All messages of OTLP, as text for [Schema].
///
/// A line is `number jsonName kind`, where a kind in capitals is another message or an enum. Marks
/// behind the kind: `*` repeated, `?` present even if zero, `|` member of the message's only oneof,
/// `#` an item that is counted (and repeated).
final class SchemaText {
  static final String TABLE =
      """
      ExportTraceServiceRequest
        1 resourceSpans ResourceSpans*
      ExportMetricsServiceRequest
        1 resourceMetrics ResourceMetrics*
      ExportLogsServiceRequest
        1 resourceLogs ResourceLogs*
      ExportProfilesServiceRequest
        1 resourceProfiles ResourceProfiles*
        2 dictionary ProfilesDictionary

      AnyValue
        1 stringValue string|
        2 boolValue bool|
        3 intValue int64|
        4 doubleValue double|
        5 arrayValue ArrayValue|
        6 kvlistValue KeyValueList|
        7 bytesValue bytes|
        8 stringValueStrindex int32|
      ArrayValue
        1 values AnyValue*
      KeyValueList
        1 values KeyValue*
      KeyValue
        1 key string
        2 value AnyValue
        3 keyStrindex int32
      InstrumentationScope
        1 name string
        2 version string
        3 attributes KeyValue*
        4 droppedAttributesCount uint32
      EntityRef
        1 schemaUrl string
        2 type string
        3 idKeys string*
        4 descriptionKeys string*
      Resource
        1 attributes KeyValue*
        2 droppedAttributesCount uint32
        3 entityRefs EntityRef*

      ResourceSpans
        1 resource Resource
        2 scopeSpans ScopeSpans*
        3 schemaUrl string
      ScopeSpans
        1 scope InstrumentationScope
        2 spans Span#
        3 schemaUrl string
      Span
        1 traceId id16
        2 spanId id8
        3 traceState string
        4 parentSpanId id8
        5 name string
        6 kind SpanKind
        7 startTimeUnixNano fixed64
        8 endTimeUnixNano fixed64
        9 attributes KeyValue*
        10 droppedAttributesCount uint32
        11 events Span.Event*
        12 droppedEventsCount uint32
        13 links Span.Link*
        14 droppedLinksCount uint32
        15 status Status
        16 flags fixed32
      Span.Event
        1 timeUnixNano fixed64
        2 name string
        3 attributes KeyValue*
        4 droppedAttributesCount uint32
      Span.Link
        1 traceId id16
        2 spanId id8
        3 traceState string
        4 attributes KeyValue*
        5 droppedAttributesCount uint32
        6 flags fixed32
      Status
        2 message string
        3 code StatusCode

      ResourceLogs
        1 resource Resource
        2 scopeLogs ScopeLogs*
        3 schemaUrl string
      ScopeLogs
        1 scope InstrumentationScope
        2 logRecords LogRecord#
        3 schemaUrl string
      LogRecord
        1 timeUnixNano fixed64
        2 severityNumber SeverityNumber
        3 severityText string
        5 body AnyValue
        6 attributes KeyValue*
        7 droppedAttributesCount uint32
        8 flags fixed32
        9 traceId id16
        10 spanId id8
        11 observedTimeUnixNano fixed64
        12 eventName string

      ResourceMetrics
        1 resource Resource
        2 scopeMetrics ScopeMetrics*
        3 schemaUrl string
      ScopeMetrics
        1 scope InstrumentationScope
        2 metrics Metric*
        3 schemaUrl string
      Metric
        1 name string
        2 description string
        3 unit string
        5 gauge Gauge|
        7 sum Sum|
        9 histogram Histogram|
        10 exponentialHistogram ExponentialHistogram|
        11 summary Summary|
        12 metadata KeyValue*
      Gauge
        1 dataPoints NumberDataPoint#
      Sum
        1 dataPoints NumberDataPoint#
        2 aggregationTemporality AggregationTemporality
        3 isMonotonic bool
      Histogram
        1 dataPoints HistogramDataPoint#
        2 aggregationTemporality AggregationTemporality
      ExponentialHistogram
        1 dataPoints ExponentialHistogramDataPoint#
        2 aggregationTemporality AggregationTemporality
      Summary
        1 dataPoints SummaryDataPoint#
      NumberDataPoint
        2 startTimeUnixNano fixed64
        3 timeUnixNano fixed64
        4 asDouble double|
        5 exemplars Exemplar*
        6 asInt sfixed64|
        7 attributes KeyValue*
        8 flags uint32
      HistogramDataPoint
        2 startTimeUnixNano fixed64
        3 timeUnixNano fixed64
        4 count fixed64
        5 sum double?
        6 bucketCounts fixed64*
        7 explicitBounds double*
        8 exemplars Exemplar*
        9 attributes KeyValue*
        10 flags uint32
        11 min double?
        12 max double?
      ExponentialHistogramDataPoint
        1 attributes KeyValue*
        2 startTimeUnixNano fixed64
        3 timeUnixNano fixed64
        4 count fixed64
        5 sum double?
        6 scale sint32
        7 zeroCount fixed64
        8 positive ExponentialHistogramDataPoint.Buckets
        9 negative ExponentialHistogramDataPoint.Buckets
        10 flags uint32
        11 exemplars Exemplar*
        12 min double?
        13 max double?
        14 zeroThreshold double
      ExponentialHistogramDataPoint.Buckets
        1 offset sint32
        2 bucketCounts uint64*
      SummaryDataPoint
        2 startTimeUnixNano fixed64
        3 timeUnixNano fixed64
        4 count fixed64
        5 sum double
        6 quantileValues SummaryDataPoint.ValueAtQuantile*
        7 attributes KeyValue*
        8 flags uint32
      SummaryDataPoint.ValueAtQuantile
        1 quantile double
        2 value double
      Exemplar
        2 timeUnixNano fixed64
        3 asDouble double|
        4 spanId id8
        5 traceId id16
        6 asInt sfixed64|
        7 filteredAttributes KeyValue*

      ResourceProfiles
        1 resource Resource
        2 scopeProfiles ScopeProfiles*
        3 schemaUrl string
      ScopeProfiles
        1 scope InstrumentationScope
        2 profiles Profile*
        3 schemaUrl string
      Profile
        1 sampleType ValueType
        2 samples Sample#
        3 timeUnixNano fixed64
        4 durationNano uint64
        5 periodType ValueType
        6 period int64
        7 profileId id16
        8 droppedAttributesCount uint32
        9 originalPayloadFormat string
        10 originalPayload bytes
        11 attributeIndices int32*
      ProfilesDictionary
        1 mappingTable Mapping*
        2 locationTable Location*
        3 functionTable Function*
        4 linkTable Link*
        5 stringTable string*
        6 attributeTable KeyValueAndUnit*
        7 stackTable Stack*
      Link
        1 traceId id16
        2 spanId id8
      ValueType
        1 typeStrindex int32
        2 unitStrindex int32
      Sample
        1 stackIndex int32
        2 attributeIndices int32*
        3 linkIndex int32
        4 values int64*
        5 timestampsUnixNano fixed64*
      Mapping
        1 memoryStart uint64
        2 memoryLimit uint64
        3 fileOffset uint64
        4 filenameStrindex int32
        5 attributeIndices int32*
      Stack
        1 locationIndices int32*
      Location
        1 mappingIndex int32
        2 address uint64
        3 lines Line*
        4 attributeIndices int32*
      Line
        1 functionIndex int32
        2 line int64
        3 column int64
      Function
        1 nameStrindex int32
        2 systemNameStrindex int32
        3 filenameStrindex int32
        4 startLine int64
      KeyValueAndUnit
        1 keyStrindex int32
        2 value AnyValue
        3 unitStrindex int32
      """;

  static final String ENUMS =
      """
      SpanKind SPAN_KIND_ UNSPECIFIED INTERNAL SERVER CLIENT PRODUCER CONSUMER
      StatusCode STATUS_CODE_ UNSET OK ERROR
      AggregationTemporality AGGREGATION_TEMPORALITY_ UNSPECIFIED DELTA CUMULATIVE
      SeverityNumber SEVERITY_NUMBER_ UNSPECIFIED TRACE TRACE2 TRACE3 TRACE4 DEBUG DEBUG2 DEBUG3 \
      DEBUG4 INFO INFO2 INFO3 INFO4 WARN WARN2 WARN3 WARN4 ERROR ERROR2 ERROR3 ERROR4 FATAL FATAL2 \
      FATAL3 FATAL4
      """;

  private SchemaText() {}
}
