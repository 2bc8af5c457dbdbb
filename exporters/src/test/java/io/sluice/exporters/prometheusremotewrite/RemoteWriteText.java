package io.sluice.exporters.prometheusremotewrite;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.IntFunction;

/// Requests of remote write as text, read with protobuf's own reader by the published schemas. Nothing is
/// sorted: what is to be in order shows if it is not.
final class RemoteWriteText {
  private static final long STALE = 0x7ff0000000000002L;
  private static final String[] TYPES = {
    "unknown", "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset"
  };

  private static final String SHARED =
      """
      message Histogram
        1 optional uint64 count_int
        3 optional double sum
        4 optional sint32 schema
        5 optional double zero_threshold
        6 optional uint64 zero_count_int
        8 repeated BucketSpan negative_spans
        9 repeated sint64 negative_deltas
        11 repeated BucketSpan positive_spans
        12 repeated sint64 positive_deltas
        14 optional int32 reset_hint
        15 optional int64 timestamp
        16 repeated double custom_values
        17 optional int64 start_timestamp
      message BucketSpan
        1 optional sint32 offset
        2 optional uint32 length
      """;

  private static final Descriptor VERSION_1 =
      schema(
          """
          message WriteRequest
            1 repeated TimeSeries timeseries
            3 repeated MetricMetadata metadata
          message MetricMetadata
            1 optional int32 type
            2 optional string metric_family_name
            4 optional string help
            5 optional string unit
          message TimeSeries
            1 repeated Label labels
            2 repeated Sample samples
            3 repeated Exemplar exemplars
            4 repeated Histogram histograms
          message Label
            1 optional string name
            2 optional string value
          message Sample
            1 optional double value
            2 optional int64 timestamp
          message Exemplar
            1 repeated Label labels
            2 optional double value
            3 optional int64 timestamp
          """
              + SHARED);

  private static final Descriptor VERSION_2 =
      schema(
          """
          message Request
            4 repeated string symbols
            5 repeated TimeSeries timeseries
          message TimeSeries
            1 repeated uint32 labels_refs
            2 repeated Sample samples
            3 repeated Histogram histograms
            4 repeated Exemplar exemplars
            5 optional Metadata metadata
          message Exemplar
            1 repeated uint32 labels_refs
            2 optional double value
            3 optional int64 timestamp
          message Sample
            1 optional double value
            2 optional int64 timestamp
            3 optional int64 start_timestamp
          message Metadata
            1 optional int32 type
            3 optional uint32 help_ref
            4 optional uint32 unit_ref
          """
              + SHARED);

  private RemoteWriteText() {}

  private static Descriptor schema(String text) {
    var file = FileDescriptorProto.newBuilder().setName("remote.proto").setSyntax("proto2");
    var messages = new ArrayList<DescriptorProto.Builder>();
    for (var line : text.lines().toList()) {
      var words = line.strip().split(" ", -1);
      if (words[0].equals("message")) {
        messages.add(DescriptorProto.newBuilder().setName(words[1]));
        continue;
      }
      var field =
          FieldDescriptorProto.newBuilder()
              .setNumber(Integer.parseInt(words[0]))
              .setLabel(
                  words[1].equals("repeated")
                      ? FieldDescriptorProto.Label.LABEL_REPEATED
                      : FieldDescriptorProto.Label.LABEL_OPTIONAL)
              .setName(words[3]);
      if (Character.isUpperCase(words[2].charAt(0))) {
        field.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName(words[2]);
      } else {
        field.setType(
            FieldDescriptorProto.Type.valueOf("TYPE_" + words[2].toUpperCase(Locale.ROOT)));
      }
      messages.getLast().addField(field);
    }
    messages.forEach(file::addMessageType);
    try {
      return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0])
          .getMessageType(0 /* request */);
    } catch (DescriptorValidationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /// @param body of a request, uncompressed
  static String of(Protocol protocol, byte[] body) {
    var text = new StringJoiner("\n", "", "\n").setEmptyValue("");
    try {
      if (protocol == Protocol.REMOTE_WRITE_1) {
        var request = DynamicMessage.parseFrom(VERSION_1, body);
        known(request);
        messages(request, "timeseries").forEach(series -> version1(series, text));
        messages(request, "metadata").forEach(metadata -> metadata(metadata, text));
      } else {
        var request = DynamicMessage.parseFrom(VERSION_2, body);
        known(request);
        List<?> symbols = (List<?>) get(request, "symbols");
        if (!symbols.getFirst().equals("")) {
          throw new AssertionError("the first symbol is not empty: " + symbols);
        }
        if (symbols.stream().distinct().count() != symbols.size()) {
          throw new AssertionError("a symbol stands twice: " + symbols);
        }
        messages(request, "timeseries")
            .forEach(series -> version2(series, i -> (String) symbols.get(i), text));
      }
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    return text.toString();
  }

  private static void known(DynamicMessage message) {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      throw new AssertionError("unknown fields: " + message.getUnknownFields());
    }
    message
        .getAllFields()
        .forEach((field, value) -> {
          if (field.getJavaType()
              == com.google.protobuf.Descriptors.FieldDescriptor.JavaType.MESSAGE) {
            (field.isRepeated() ? (List<?>) value : List.of(value))
                .forEach(inner -> known((DynamicMessage) inner));
          }
        });
  }

  private static void version1(DynamicMessage series, StringJoiner text) {
    text.add("series " + labels(messages(series, "labels")));
    messages(series, "samples").forEach(sample -> text.add("  sample " + sample(sample)));
    messages(series, "histograms").forEach(h -> text.add("  histogram " + histogram(h)));
    messages(series, "exemplars")
        .forEach(e -> text.add("  exemplar " + sample(e) + " " + labels(messages(e, "labels"))));
  }

  private static void version2(
      DynamicMessage series, IntFunction<String> symbol, StringJoiner text) {
    text.add("series " + labels(series, symbol));
    messages(series, "samples")
        .forEach(sample -> text.add("  sample " + sample(sample) + start(sample)));
    messages(series, "histograms").forEach(h -> text.add("  histogram " + histogram(h) + start(h)));
    messages(series, "exemplars")
        .forEach(e -> text.add("  exemplar " + sample(e) + " " + labels(e, symbol)));
    var metadata = (DynamicMessage) get(series, "metadata");
    text.add(
        "  metadata "
            + TYPES[(Integer) get(metadata, "type")]
            + " '"
            + symbol.apply((Integer) get(metadata, "help_ref"))
            + "' '"
            + symbol.apply((Integer) get(metadata, "unit_ref"))
            + "'");
  }

  private static void metadata(DynamicMessage metadata, StringJoiner text) {
    text.add(
        "metadata "
            + get(metadata, "metric_family_name")
            + " "
            + TYPES[(Integer) get(metadata, "type")]
            + " '"
            + get(metadata, "help")
            + "' '"
            + get(metadata, "unit")
            + "'");
  }

  private static String labels(List<DynamicMessage> labels) {
    var text = new StringJoiner(" ");
    labels.forEach(label -> text.add(get(label, "name") + "=" + get(label, "value")));
    return text.toString();
  }

  private static String labels(DynamicMessage of, IntFunction<String> symbol) {
    var text = new StringJoiner(" ");
    List<?> references = (List<?>) get(of, "labels_refs");
    for (int i = 0; i < references.size(); i += 2) {
      text.add(
          symbol.apply((Integer) references.get(i))
              + "="
              + symbol.apply((Integer) references.get(i + 1)));
    }
    return text.toString();
  }

  private static String sample(DynamicMessage sample) {
    return number(get(sample, "value")) + " @" + get(sample, "timestamp");
  }

  private static String start(DynamicMessage of) {
    var start = (Long) get(of, "start_timestamp");
    return start == 0 ? "" : " from " + start;
  }

  private static String histogram(DynamicMessage h) {
    boolean stale = get(h, "count_int").equals(STALE);
    return "count "
        + (stale ? "stale" : get(h, "count_int"))
        + " sum "
        + number(get(h, "sum"))
        + " schema "
        + get(h, "schema")
        + " zero "
        + get(h, "zero_count_int")
        + " <= "
        + number(get(h, "zero_threshold"))
        + " positive"
        + buckets(h, "positive")
        + " negative"
        + buckets(h, "negative")
        + (((List<?>) get(h, "custom_values")).isEmpty()
            ? ""
            : " bounds " + get(h, "custom_values"))
        + " @"
        + get(h, "timestamp");
  }

  private static String buckets(DynamicMessage h, String side) {
    var text = new StringBuilder();
    messages(h, side + "_spans")
        .forEach(span ->
            text.append(" ").append(get(span, "offset")).append("+").append(get(span, "length")));
    return text + " " + get(h, side + "_deltas");
  }

  private static String number(Object value) {
    double number = (Double) value;
    return Double.doubleToRawLongBits(number) == STALE ? "stale" : Double.toString(number);
  }

  @SuppressWarnings("unchecked") // the schema says so
  private static List<DynamicMessage> messages(DynamicMessage of, String name) {
    return (List<DynamicMessage>) get(of, name);
  }

  private static Object get(DynamicMessage of, String name) {
    return of.getField(of.getDescriptorForType().findFieldByName(name));
  }
}
