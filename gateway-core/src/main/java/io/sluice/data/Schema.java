package io.sluice.data;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The messages of OTLP and their fields: the one table that validation, JSON in and JSON out walk by.
///
/// The table itself is [SchemaText]. A test proves it equal to the official descriptors.
final class Schema {
  static final Map<String, Message> MESSAGES = parse();

  /// [JsonName#index] is below.
  static final int NAMES =
      MESSAGES.values().stream().mapToInt(message -> 1 + 2 * message.byNumber.size()).sum();

  static final Message ANY_VALUE = of("AnyValue");
  static final Message KEY_VALUE = of("KeyValue");
  private static final Message TRACES = of("ExportTraceServiceRequest");
  private static final Message METRICS = of("ExportMetricsServiceRequest");
  private static final Message LOGS = of("ExportLogsServiceRequest");
  private static final Message PROFILES = of("ExportProfilesServiceRequest");

  private Schema() {}

  /// How a field is written, on the wire and in JSON.
  enum Kind {
    STRING(2),
    BYTES(2),
    /// A trace or profile id: 16 bytes or none, hex in JSON.
    ID16(2),
    /// A span id: 8 bytes or none, hex in JSON.
    ID8(2),
    BOOL(0),
    INT32(0),
    UINT32(0),
    SINT32(0),
    INT64(0),
    UINT64(0),
    ENUM(0),
    FIXED32(5),
    FIXED64(1),
    SFIXED64(1),
    DOUBLE(1),
    MESSAGE(2);

    final int wireType;

    Kind(int wireType) {
      this.wireType = wireType;
    }
  }

  /// @param oneof member of its message's only oneof
  /// @param presence present even if zero
  /// @param item counted as the signal's item
  /// @param message the type of a message field, else null
  /// @param numbers of an enum by name, else empty
  record Field(
      int number,
      String jsonName,
      String snakeName,
      Kind kind,
      boolean repeated,
      boolean presence,
      boolean oneof,
      boolean item,
      @Nullable Message message,
      Map<String, Integer> numbers) {
    Message type() {
      return Objects.requireNonNull(message);
    }

    /// The tag of an unpacked occurrence.
    int tag() {
      return number << 3 | kind.wireType;
    }

    boolean packable() {
      return repeated && kind.wireType != 2;
    }
  }

  /// One message; filled by the parser, then never changed.
  static final class Message {
    /// Field numbers of OTLP are small; two tag bytes reach to here.
    static final int TAGS = 256;

    final String name;

    /// Among all messages, from 0.
    final int index;

    final Field[] byTag = new Field[TAGS];
    final JsonNames names;
    final Map<Integer, Field> byNumber = new LinkedHashMap<>();

    /// What [Validate] does for a tag, see there.
    final byte[] checks = new byte[TAGS];

    final Message[] children = new Message[TAGS];

    private Message(String name, int index) {
      this.name = name;
      this.index = index;
      names = new JsonNames(index);
    }

    /// @param nameIndex free for the field's names, together with the next
    private void add(Field field, int nameIndex) {
      byTag[field.tag()] = field;
      byNumber.put(field.number(), field);
      names.add(new JsonName(nameIndex, field.jsonName(), field));
      names.add(new JsonName(nameIndex + 1, field.snakeName(), field));
      checks[field.tag()] = Check.of(field);
      if (field.message != null) {
        children[field.tag()] = field.type();
      }
      if (field.packable()) {
        checks[field.number() << 3 | 2] = Check.packed(field);
      }
    }

    @Nullable Field field(int number) {
      return byNumber.get(number);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Message request(Signal signal) {
    return switch (signal) {
      case TRACES -> TRACES;
      case METRICS -> METRICS;
      case LOGS -> LOGS;
      case PROFILES -> PROFILES;
    };
  }

  static Message of(String name) {
    return Objects.requireNonNull(MESSAGES.get(name), name);
  }

  private static Map<String, Message> parse() {
    var messages = new LinkedHashMap<String, Message>();
    SchemaText.TABLE
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith(" "))
        .forEach(line -> messages.put(line, new Message(line, messages.size())));
    var enums = enums();
    Message current = new Message("", 0);
    int nameIndex = messages.size();
    for (var line : SchemaText.TABLE.lines().filter(line -> !line.isBlank()).toList()) {
      if (line.startsWith(" ")) {
        current.add(field(line.strip(), messages, enums), nameIndex);
        nameIndex += 2;
      } else {
        current = Objects.requireNonNull(messages.get(line));
      }
    }
    return Map.copyOf(messages);
  }

  private static Field field(
      String line, Map<String, Message> messages, Map<String, Map<String, Integer>> enums) {
    var words = line.split(" ", -1);
    var kind = words[2].replaceAll("[*?|#]", "");
    boolean item = words[2].endsWith("#");
    Map<String, Integer> numbers = enums.getOrDefault(kind, Map.of());
    Message type = messages.get(kind);
    return new Field(
        Integer.parseInt(words[0]),
        words[1],
        snake(words[1]),
        kind(kind, type, numbers),
        item || words[2].endsWith("*"),
        words[2].endsWith("?"),
        words[2].endsWith("|"),
        item,
        type,
        numbers);
  }

  private static Kind kind(String word, @Nullable Message type, Map<String, Integer> numbers) {
    if (type != null) {
      return Kind.MESSAGE;
    }
    return numbers.isEmpty() ? Kind.valueOf(word.toUpperCase(Locale.ROOT)) : Kind.ENUM;
  }

  private static Map<String, Map<String, Integer>> enums() {
    var enums = new HashMap<String, Map<String, Integer>>();
    for (var line : SchemaText.ENUMS.lines().toList()) {
      var words = line.split(" ", -1);
      var numbers = new LinkedHashMap<String, Integer>();
      for (int i = 2; i < words.length; i++) {
        numbers.put(words[1] + words[i], i - 2);
      }
      enums.put(words[0], numbers);
    }
    return enums;
  }

  private static String snake(String camel) {
    return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
