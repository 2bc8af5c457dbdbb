package io.sluice.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.sluice.wire.Bytes;
import io.sluice.wire.MalformedWireException;
import io.sluice.wire.Rope;
import java.io.IOException;
import java.io.OutputStream;
import java.util.regex.Pattern;

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
  /// An AnyValue level takes up to four levels of JSON; [Validate] counts those of values exactly.
  private static final int DEPTH_MAX = 4 * Validate.NESTING_MAX + 64;

  /// Where the parser's words name a method of its own.
  private static final Pattern PARSERS_OWN = Pattern.compile(", from `[^`]*`");

  private static final int NUMBER_CHARS_MAX = 400;
  private static final int NAME_CHARS_MAX = 1000;

  /// Texts are bounded by the request, which is in memory already.
  private static final int STRING_CHARS_MAX = Integer.MAX_VALUE;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxNumberLength(NUMBER_CHARS_MAX)
                  .maxNameLength(NAME_CHARS_MAX)
                  .maxStringLength(STRING_CHARS_MAX)
                  .build())
          .build();

  private OtlpJson() {}

  /// A JSON export request in wire form; still to be validated.
  ///
  /// @throws MalformedWireException naming what is wrong and where
  public static Bytes decode(Signal signal, Bytes json) {
    var text = readable(json);
    try (var parser = FACTORY.createParser(text.sharedArray(), text.offset(), text.length())) {
      return new JsonReader(parser, text.length()).request(Schema.request(signal));
    } catch (StreamConstraintsException e) {
      throw new MalformedWireException(
          "JSON beyond limits: " + PARSERS_OWN.matcher(e.getOriginalMessage()).replaceAll(""));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      var at = e.getLocation();
      throw new MalformedWireException(
          "not JSON at line " + at.getLineNr() + ", column " + at.getColumnNr());
    } catch (IOException e) {
      throw new MalformedWireException("not JSON: " + e.getMessage());
    }
  }

  /// Writes a validated request as one line of JSON, without a line end.
  public static void encode(Signal signal, Rope otlp, OutputStream out) throws IOException {
    try (var generator =
        FACTORY.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      new JsonWriter(generator).message(Schema.request(signal), otlp.flatten());
    }
  }

  /// UTF-8, or refused: the parser would take UTF-16 and UTF-32 too.
  private static Bytes readable(Bytes json) {
    for (int i = 0; i < Math.min(4, json.length()); i++) {
      int b = json.at(i) & 0xFF;
      if (b == 0 || b >= 0xFE) {
        throw new MalformedWireException("JSON that is not UTF-8");
      }
    }
    int from = json.offset();
    return Utf8.valid(json.sharedArray(), from, from + json.length())
        ? json
        : Bytes.utf8(json.utf8());
  }
}
