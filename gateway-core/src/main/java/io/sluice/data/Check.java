package io.sluice.data;

/// What to check of a value, by its tag. Bytes, so that a `switch` over them is a jump.
final class Check {
  static final byte UNKNOWN = 0;
  static final byte VARINT = 1;
  static final byte FIXED64 = 2;
  static final byte FIXED32 = 3;
  static final byte STRING = 4;
  static final byte BYTES = 5;
  static final byte ID16 = 6;
  static final byte ID8 = 7;
  static final byte MESSAGE = 8;
  static final byte ITEM = 9;
  static final byte KEY_VALUE = 10;
  static final byte ANY_VALUE = 11;
  static final byte PACKED_VARINT = 12;
  static final byte PACKED_FIXED64 = 13;
  static final byte METRIC = 14;

  /// What a metric has one of: gauge, sum, ...
  static final byte DATA = 15;

  private Check() {}

  static byte of(Schema.Field field) {
    return switch (field.kind()) {
      case STRING -> STRING;
      case BYTES -> BYTES;
      case ID16 -> ID16;
      case ID8 -> ID8;
      case BOOL, INT32, UINT32, SINT32, INT64, UINT64, ENUM -> VARINT;
      case FIXED32 -> FIXED32;
      case FIXED64, SFIXED64, DOUBLE -> FIXED64;
      case MESSAGE -> message(field);
    };
  }

  static byte packed(Schema.Field field) {
    return field.kind().wireType == 0 ? PACKED_VARINT : PACKED_FIXED64;
  }

  private static byte message(Schema.Field field) {
    if (field.item()) {
      return ITEM;
    }
    return switch (field.type().name) {
      case "KeyValue" -> KEY_VALUE;
      case "AnyValue" -> ANY_VALUE;
      case "Metric" -> METRIC;
      case "Gauge", "Sum", "Histogram", "ExponentialHistogram", "Summary" -> DATA;
      default -> MESSAGE;
    };
  }
}
