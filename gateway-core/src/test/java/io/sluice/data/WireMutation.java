package io.sluice.data;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One damage to a protobuf message, somewhere within it. The lengths around it stay right, so that it
/// is met by whoever reads that deep.
final class WireMutation {
  private static final int DEPTH_MAX = 24;
  private static final int NESTING_MAX = 200;
  private static final int LENGTH_DELIMITED = 2;

  private final SplittableRandom random;
  private final byte[] donor;

  /// @param donor another message, of which parts are taken
  WireMutation(SplittableRandom random, byte[] donor) {
    this.random = random;
    this.donor = donor;
  }

  byte[] apply(byte[] message) {
    return apply(message, 0);
  }

  private byte[] apply(byte[] message, int depth) {
    var fields = fields(message);
    if (fields == null || fields.isEmpty()) {
      return bytes(message);
    }
    int at = random.nextInt(fields.size());
    var field = fields.get(at);
    if (depth < DEPTH_MAX && field.delimited() && random.nextInt(8) > 0) {
      var content = field.content();
      if (fields(content) != null && content.length > 0) {
        fields.set(at, Field.of(field.number(), apply(content, depth + 1)));
        return join(fields);
      }
    }
    return damaged(fields, at);
  }

  private byte[] damaged(List<Field> fields, int at) {
    var field = fields.get(at);
    switch (random.nextInt(9)) {
      case 0 -> fields.remove(at);
      case 1 -> fields.add(random.nextInt(fields.size() + 1), field);
      case 2 -> Collections.shuffle(fields, new Random(random.nextLong()));
      case 3 -> fields.add(random.nextInt(fields.size() + 1), donated());
      case 4 -> fields.set(at, nested(field));
      case 5 -> fields.set(at, renumbered(field));
      case 6 -> fields.set(at, lying(field));
      case 7 -> fields.set(at, new Field(bytes(field.raw)));
      default -> {
        return bytes(join(fields));
      }
    }
    return join(fields);
  }

  /// Bits, a piece from elsewhere, or an early end.
  private byte[] bytes(byte[] message) {
    var bytes = message.clone();
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    switch (random.nextInt(4)) {
      case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      case 2 -> {
        int length = Math.min(donor.length, random.nextInt(bytes.length) + 1);
        int from = random.nextInt(donor.length - length + 1);
        System.arraycopy(donor, from, bytes, random.nextInt(bytes.length - length + 1), length);
      }
      default -> {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
    }
    return bytes;
  }

  private Field donated() {
    var fields = fields(donor);
    var content = donor;
    for (int depth = random.nextInt(6); fields != null && !fields.isEmpty(); depth--) {
      var field = fields.get(random.nextInt(fields.size()));
      if (depth <= 0 || !field.delimited()) {
        return field;
      }
      content = field.content();
      fields = fields(content);
    }
    return Field.of(1 + random.nextInt(20), content);
  }

  /// The field in itself, again and again. By numbers 5 and 1, values nest in lists.
  private Field nested(Field field) {
    var content = field.delimited() ? field.content() : field.raw;
    int levels = random.nextInt(NESTING_MAX);
    boolean values = random.nextBoolean();
    for (int i = 0; i < levels; i++) {
      int number = values ? (i % 2 == 0 ? 1 : 5) : field.number();
      content = Field.of(number, content).raw;
    }
    return Field.of(field.number(), content);
  }

  private Field renumbered(Field field) {
    int number = random.nextInt(10) == 0 ? random.nextInt(1 << 29) : random.nextInt(24);
    var out = new WireWriter();
    out.varint(
        1, ((long) number << 3) | (random.nextBoolean() ? field.wireType() : random.nextInt(8)));
    var tag = out.take().toArray();
    var renumbered = new ByteArrayOutputStream();
    renumbered.write(
        tag, 1, tag.length - 1); // without the tag of the varint that it was written as
    renumbered.write(field.raw, field.tagLength(), field.raw.length - field.tagLength());
    return new Field(renumbered.toByteArray());
  }

  /// Says another length than it has, or a number in more bytes than it needs.
  private Field lying(Field field) {
    if (!field.delimited()) {
      return new Field(Arrays.copyOf(field.raw, field.raw.length + 1 + random.nextInt(4)));
    }
    var content = field.content();
    long length =
        switch (random.nextInt(4)) {
          case 0 -> content.length + 1L + random.nextInt(100);
          case 1 -> random.nextInt(content.length + 1);
          case 2 -> random.nextLong();
          default -> 0xFFFF_FFFFL >>> random.nextInt(3);
        };
    var out = new WireWriter().varint(field.number(), length).take().toArray();
    out[0] = (byte) (out[0] | LENGTH_DELIMITED);
    var lying = new ByteArrayOutputStream();
    lying.writeBytes(out);
    lying.writeBytes(content);
    return new Field(lying.toByteArray());
  }

  private static byte[] join(List<Field> fields) {
    var out = new ByteArrayOutputStream();
    fields.forEach(field -> out.writeBytes(field.raw));
    return out.toByteArray();
  }

  /// Null if it is no message.
  private static @Nullable List<Field> fields(byte[] message) {
    var fields = new ArrayList<Field>();
    int at = 0;
    while (at < message.length) {
      int end = Field.end(message, at);
      if (end < 0) {
        return null;
      }
      fields.add(new Field(Arrays.copyOfRange(message, at, end)));
      at = end;
    }
    return fields;
  }

  /// A field with its tag.
  private record Field(byte[] raw) {
    static Field of(int number, byte[] content) {
      return new Field(
          new WireWriter(content.length + 16).bytes(number, Bytes.wrap(content)).take().toArray());
    }

    /// Behind the field that starts here, or negative if there is none.
    static int end(byte[] message, int from) {
      int tag = varintEnd(message, from);
      if (tag < 0 || tag - from > 5) {
        return -1;
      }
      int end =
          switch (message[from] & 7) {
            case 0 -> varintEnd(message, tag);
            case 1 -> tag + 8;
            case 5 -> tag + 4;
            case LENGTH_DELIMITED -> {
              int content = varintEnd(message, tag);
              long length = content < 0 || content - tag > 5 ? -1 : varint(message, tag, content);
              yield length < 0 || length > message.length ? -1 : content + (int) length;
            }
            default -> -1;
          };
      return end > message.length ? -1 : end;
    }

    private static int varintEnd(byte[] message, int from) {
      for (int i = from; i < Math.min(message.length, from + 10); i++) {
        if (message[i] >= 0) {
          return i + 1;
        }
      }
      return -1;
    }

    private static long varint(byte[] message, int from, int to) {
      long value = 0;
      for (int i = to - 1; i >= from; i--) {
        value = value << 7 | (message[i] & 0x7f);
      }
      return value;
    }

    int tagLength() {
      return Math.max(1, varintEnd(raw, 0));
    }

    int number() {
      int number = raw.length == 0 ? 1 : (int) (varint(raw, 0, tagLength()) >>> 3);
      return Math.clamp(number, 1, (1 << 29) - 1);
    }

    int wireType() {
      return raw.length == 0 ? 0 : raw[0] & 7;
    }

    boolean delimited() {
      return wireType() == LENGTH_DELIMITED && end(raw, 0) == raw.length;
    }

    byte[] content() {
      return Arrays.copyOfRange(raw, varintEnd(raw, tagLength()), raw.length);
    }
  }
}
