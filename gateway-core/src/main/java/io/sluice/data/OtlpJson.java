package io.sluice.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.sluice.wire.ArrayPool;
import io.sluice.wire.Bytes;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.io.OutputStream;

/// OTLP/JSON, both ways, by the mapping of the OTLP specification.
///
/// In: as lenient as the Collector. Hex ids in either case, standard base64, 64-bit integers as numbers
/// or strings, enums as numbers or names, names in lowerCamelCase or snake_case, unknown names skipped,
/// `null` for a default, the last of two equal names, `NaN` and `Infinity` as strings. What follows the
/// first value is not read.
///
/// Out: fields without a value are left out, messages that are always there (`resource`, `scope`,
/// `status`, an attribute's `value`) are not, 64-bit integers are strings, enums are numbers.
public final class OtlpJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES).build();

  private static final ArrayPool NOT_KEPT = ArrayPool.none();

  private OtlpJson() {}

  /// A JSON export request in wire form; still to be validated.
  ///
  /// @throws io.sluice.wire.MalformedWireException naming what is wrong and where
  public static Bytes decode(Signal signal, Bytes json) {
    return decode(signal, json, NOT_KEPT);
  }

  /// As [#decode(Signal, Bytes)].
  ///
  /// @param arrays where the wire form is put
  public static Bytes decode(Signal signal, Bytes json, ArrayPool arrays) {
    return new JsonReader(json, arrays).request(Schema.request(signal));
  }

  /// Writes a validated request as one line of JSON, without a line end.
  public static void encode(Signal signal, Rope otlp, OutputStream out) throws IOException {
    try (var generator =
        FACTORY.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      new JsonWriter(generator).message(Schema.request(signal), otlp.flatten());
    }
  }
}
